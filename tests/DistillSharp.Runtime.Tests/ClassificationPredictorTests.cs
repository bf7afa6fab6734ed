using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests;

public sealed class ClassificationPredictorTests
{
    [Fact]
    public void Classes_come_with_names_and_probabilities_the_most_probable_first()
    {
        using var folder = new TemporaryFolder();
        using var predictor = new ClassificationPredictor(Save(folder, SmallModel.Card), new() { Threads = 1 });

        // Pixels 191.25 would be 0.5 normalised; 204 is 0.6: logits -2.4 and 2.4.
        var predictions = predictor.Predict(SmallModel.Grey(204));

        double bright = 1 / (1 + Math.Exp(-4.8));
        Assert.Equal([(1, "bright"), (0, "dark")], predictions.Select(prediction => (prediction.ClassIndex, prediction.Name)));
        Assert.Equal(bright, predictions[0].Probability, 1e-6);
        Assert.Equal(1 - bright, predictions[1].Probability, 1e-6);
        Assert.Equal(1, predictions.Sum(prediction => prediction.Probability), 1e-12);
    }

    [Fact]
    public void A_picture_of_another_size_and_colour_is_fitted()
    {
        using var folder = new TemporaryFolder();
        using var predictor = new ClassificationPredictor(Save(folder, SmallModel.Card), new() { Threads = 1 });
        byte[] black = new byte[3 * 7 * 5];

        Assert.Equal("dark", predictor.Predict(new PixelImage(3, 7, 5, black))[0].Name);
        Array.Fill<byte>(black, 255);
        Assert.Equal("bright", predictor.Predict(new PixelImage(3, 7, 5, black))[0].Name);
    }

    [Fact]
    public void A_model_without_a_card_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, null);

        var error = Assert.Throws<DataException>(() => new ClassificationPredictor(path));
        Assert.Contains($"'{path}' carries no card", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probabilities_alone_are_those_of_the_whole_answer()
    {
        using var folder = new TemporaryFolder();
        using var predictor = new ClassificationPredictor(Save(folder, SmallModel.Card), new() { Threads = 1 });
        double[] probabilities = new double[predictor.ClassCount];

        Assert.Equal(1, predictor.Predict(SmallModel.Grey(204), probabilities));
        Assert.Equal(predictor.Predict(SmallModel.Grey(204)).OrderBy(one => one.ClassIndex).Select(one => one.Probability), probabilities);
        Assert.Equal(0, predictor.Predict(SmallModel.Grey(20), probabilities));
        Assert.Equal(("dark", "class 2"), (predictor.NameOf(0), predictor.NameOf(2)));
        Assert.Contains("3 places were given for the probabilities of 2 classes", Assert.Throws<ArgumentException>(() => predictor.Predict(SmallModel.Grey(20), new double[3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_take_turns()
    {
        using var folder = new TemporaryFolder();
        using var predictor = new ClassificationPredictor(Save(folder, SmallModel.Card), new() { Threads = 1 });
        string[] names = new string[200];
        Parallel.For(0, names.Length, i => names[i] = predictor.Predict(SmallModel.Grey((byte)(i % 2 == 0 ? 0 : 255)))[0].Name);

        Assert.Equal(names.Select((_, i) => i % 2 == 0 ? "dark" : "bright"), names);
    }

    private static string Save(TemporaryFolder folder, DistillSharp.Tasks.ModelCard? card) => folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(card)));
}
