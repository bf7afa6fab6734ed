using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit.Numerics;

namespace DistillSharp.Runtime.Tests.Passes.Yolo;

public sealed class StaticDetectorTests
{
    [Theory]
    [InlineData(1, 160, 160)]
    [InlineData(1, 640, 640)]
    [InlineData(4, 96, 128)]
    public void Onnx_runtime_s_basic_optimisation_finds_nothing_to_remove(long batch, long height, long width)
    {
        var file = DeploymentPasses.Static(Sizes(batch, height, width), "output0").Run(Drawn(classes: 80)).Graph;
        var optimized = OptimizedFile.Of(file);

        TestContext.Current.TestOutputHelper?.WriteLine(OptimizedFile.Counts(optimized));
        Assert.NotEmpty(optimized.Nodes);
        Assert.Equal(OptimizedFile.Counts(file), OptimizedFile.Counts(optimized));
    }

    [Fact]
    public void What_is_not_folded_basic_optimisation_does_fold()
    {
        // The comparison above means something only if ONNX Runtime would have found more to do.
        var file = new FixedSizePass(Sizes(1, 160, 160)).Apply(Drawn(classes: 80)).Graph;

        Assert.True(OptimizedFile.Of(file).Nodes.Count < file.Nodes.Count - 80);
    }

    [Theory]
    [InlineData(1, 1, 160, 160)]
    [InlineData(3, 2, 96, 128)]
    [InlineData(80, 1, 640, 640)]
    public void The_file_for_one_size_and_the_file_for_any_say_what_the_model_says(int classes, long batch, long height, long width)
    {
        var graph = Drawn(classes);
        var random = new Random(7);
        var pictures = TensorData.Create<float>([.. Enumerable.Range(0, (int)(batch * 3 * height * width)).Select(_ => random.NextSingle())], batch, 3, height, width);
        var feeds = new Dictionary<string, TensorData> { ["images"] = pictures };
        var expected = SessionRun.Run(graph, feeds)["output0"];

        foreach (var passes in new[] { DeploymentPasses.Static(Sizes(batch, height, width), "output0"), DeploymentPasses.Dynamic("output0") })
        {
            var found = SessionRun.Run(passes.Run(graph).Graph, feeds)["output0"];

            Assert.Equal([batch, 4 + classes, height * width * 21 / 1024], found.Shape);
            double error = CentralDifferences.RelativeError(PassAssert.Numbers(found), PassAssert.Numbers(expected));
            Assert.True(error <= 1e-4, $"{found} is off by {error}");
        }
    }

    private static Dictionary<string, long> Sizes(long batch, long height, long width) => new() { ["batch"] = batch, ["height"] = height, ["width"] = width };

    private static ModelGraph Drawn(int classes)
    {
        var graph = Yolo11.Create(new() { Classes = classes });
        WeightInitializer.Draw(graph, seed: 1);

        // Fresh norms would fold to nothing.
        var random = new Random(3);
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.Name.Contains(".bn.", StringComparison.Ordinal)))
        {
            bool positive = initializer.Name.EndsWith("var", StringComparison.Ordinal) || initializer.Name.EndsWith("weight", StringComparison.Ordinal);
            foreach (ref float value in initializer.Data.AsSpan<float>())
            {
                value = positive ? 0.5f + random.NextSingle() : random.NextSingle() - 0.5f;
            }
        }

        return graph;
    }
}
