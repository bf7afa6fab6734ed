using System.Text.Json;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Tests.Zoo.Yolo;

/// <summary>The file for one size holds what the reference's layers call for and nothing else.</summary>
[Trait("Category", "Golden")]
public sealed class Yolo11StaticFileTests
{
    [Fact]
    public void Operators_are_those_of_the_layers() => Yolo11Architecture.ForEach((key, model) =>
    {
        int classes = model.GetProperty("nc").GetInt32();
        var graph = ModelZoo.Build(key, classes, height: 640, width: 640);

        var file = DeploymentPasses.Static(new Dictionary<string, long> { ["batch"] = 1, ["height"] = 640, ["width"] = 640 }, "output0").Run(graph).Graph;

        Assert.Equal(Expected(model).Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal), ModelStatistics.Of(file).Operators);
        Assert.Equal("images: Float32 [1, 3, 640, 640]", Assert.Single(file.Inputs).ToString());
        Assert.Equal($"output0: Float32 [1, {4 + classes}, 8400]", Assert.Single(file.Outputs).ToString());
        GraphChecker.Require(file);
    });

    [Theory]
    [InlineData(2048, 2048)]
    [InlineData(32, 32)]
    [InlineData(96, 1280)]
    public void At_every_size_the_grid_of_cells_is_a_constant(int height, int width)
    {
        var file = DeploymentPasses.Static(new Dictionary<string, long> { ["batch"] = 2, ["height"] = height, ["width"] = width }, "output0").Run(ModelZoo.Build("yolo11n", 1, height: 640, width: 640)).Graph;

        long cells = height * width * 21L / 1024;
        Assert.DoesNotContain(file.Nodes, node => node.Operation is "Shape" or "Range" or "Expand" or "Gather" or "Cast" or "ConstantOfShape" or "Unsqueeze");
        Assert.Equal([2L, 5L, cells], file.Outputs[0].Shape!.Select(size => size.Size!.Value));
        Assert.Equal([2L, cells], file.FindInitializer("model.23.cells")!.Data.Shape);
    }

    [Fact]
    public void A_file_of_any_size_keeps_the_shape_arithmetic_and_nothing_else_more()
    {
        var graph = ModelZoo.Build("yolo11n", 80, height: 640, width: 640);

        var file = DeploymentPasses.Dynamic("output0").Run(graph).Graph;

        Assert.DoesNotContain(file.Nodes, node => node.Operation is "BatchNormalization" or "Identity" or "Dropout");
        Assert.Equal(4, file.Nodes.Count(node => node.Operation == "Shape"));
        Assert.Equal("output0: Float32 [batch, 84, anchors]", Assert.Single(file.Outputs).ToString());
    }

    /// <summary>Counted from the reference's list of layers, whose structure the papers and the state dict tell.</summary>
    private static Dictionary<string, int> Expected(JsonElement model)
    {
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        void Add(string operation, int more) => count[operation] = count.GetValueOrDefault(operation) + more;
        void Convolve(int activated, int plain)
        {
            Add("Conv", activated + plain);
            Add("Sigmoid", activated);
            Add("Mul", activated);
        }

        foreach (var layer in model.GetProperty("layers").EnumerateArray())
        {
            var args = layer.GetProperty("args");
            int repeats = Repeats(args);
            switch (Yolo11Architecture.TypeOf(layer))
            {
                case "Conv":
                    Convolve(1, 0);
                    break;
                case "C3k2":
                    // A C3k: three convolutions and two bottlenecks, with a join of its own.
                    bool nested = args[3].GetBoolean();
                    Convolve(2 + (repeats * (nested ? 7 : 2)), 0);
                    Add("Add", repeats * (nested ? 2 : 1));
                    Add("Concat", 1 + (nested ? repeats : 0));
                    Add("Split", 1);
                    break;
                case "SPPF":
                    Convolve(2, 0);
                    Add("MaxPool", 3);
                    Add("Concat", 1);
                    break;
                case "C2PSA":
                    // Of a block's five convolutions only the feed-forward layer's first is followed by SiLU.
                    Convolve(2 + repeats, 4 * repeats);
                    Add("Concat", 1);
                    Add("Split", 1 + repeats);
                    Add("Add", 3 * repeats);
                    Add("MatMul", 2 * repeats);
                    Add("Mul", repeats);
                    Add("Softmax", repeats);
                    Add("Transpose", 2 * repeats);
                    Add("Reshape", 3 * repeats);
                    break;
                case "Upsample":
                    Add("Resize", 1);
                    break;
                case "Concat":
                    Add("Concat", 1);
                    break;
                case "Detect":
                    // A map: two activated and one plain for boxes, four and one for classes, one join. Then the distribution's mean and the boxes.
                    Convolve(3 * (2 + 4), (3 * 2) + 1);
                    Add("Concat", 3 + 1 + 1 + 1);
                    Add("Reshape", 3 + 2);
                    Add("Split", 2);
                    Add("Transpose", 1);
                    Add("Softmax", 1);
                    Add("Sub", 1);
                    Add("Add", 2);
                    Add("Mul", 2);
                    Add("Sigmoid", 1);
                    break;
                default:
                    Assert.Fail($"the layer {layer} is not known.");
                    break;
            }
        }

        return count;
    }

    private static int Repeats(JsonElement args) => args.GetArrayLength() > 2 && args[2].ValueKind == JsonValueKind.Number ? args[2].GetInt32() : 1;
}
