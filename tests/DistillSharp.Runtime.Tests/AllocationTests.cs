using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests;

/// <summary>On a device nothing managed is allocated by a prediction, so that nothing is collected while it runs.</summary>
public sealed class AllocationTests
{
    private const int Predictions = 200;

    [Fact]
    public void A_bound_session_allocates_nothing()
    {
        using var session = SmallModel.Session();
        using var bound = session.Bind([1, 1, 2, 2]);

        Assert.Equal(0, Allocated(() =>
        {
            bound.Input.Fill(1);
            bound.Run();
        }));
        Assert.Equal([-4f, 4f], bound.Output);
    }

    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(1, 9, 7)]
    [InlineData(3, 2, 2)]
    [InlineData(3, 5, 8)]
    public void A_predictor_allocates_nothing_whatever_the_pictures_size(int channels, int height, int width)
    {
        using var folder = new TemporaryFolder();
        using var predictor = new ClassificationPredictor(folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(SmallModel.Card))), new() { Threads = 1 });
        var image = new PixelImage(channels, height, width, [.. Enumerable.Repeat((byte)204, channels * height * width)]);
        double[] probabilities = new double[2];
        int best = -1;

        Assert.Equal(0, Allocated(() => best = predictor.Predict(image, probabilities)));
        Assert.Equal(1, best);
    }

    private static long Allocated(Action prediction)
    {
        for (int i = 0; i < 20; i++)
        {
            prediction();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Predictions; i++)
        {
            prediction();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
