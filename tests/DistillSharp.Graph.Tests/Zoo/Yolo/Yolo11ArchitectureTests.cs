using System.Text.Json;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Tests.Zoo.Yolo;

/// <summary>YOLO11 against the reference's description: layers, shapes, parameters, operations, the state dict.</summary>
[Trait("Category", "Golden")]
public sealed class Yolo11ArchitectureTests
{
    [Fact]
    public void Every_layer_has_its_type_channels_shape_and_parameters() => Yolo11Architecture.ForEach((key, model) =>
    {
        var graph = Sized(ModelZoo.Build(key, model.GetProperty("nc").GetInt32(), height: 640, width: 640), 640);
        foreach (var layer in model.GetProperty("layers").EnumerateArray())
        {
            int index = layer.GetProperty("index").GetInt32();
            string where = $"{key}, model.{index}", prefix = $"model.{index}.";
            var nodes = graph.Nodes.Where(node => node.Name == $"model.{index}" || node.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            Assert.True(TypeOf(nodes) == Yolo11Architecture.TypeOf(layer), $"{where} looks like {TypeOf(nodes)}");
            Assert.True(ParametersOf(graph, prefix) == layer.GetProperty("params").GetInt64(), $"{where} has {ParametersOf(graph, prefix)} parameters");

            var shape = layer.GetProperty("out_shape_640");
            bool several = shape[0].ValueKind == JsonValueKind.Array;
            long[][] expected = several ? [.. shape.EnumerateArray().Select(Yolo11Architecture.Longs)] : [Yolo11Architecture.Longs(shape)];
            string[] values = several ? ["feat0", "feat1", "feat2"] : [$"model.{index}"];
            Assert.Equal(expected, values.Select(value => ShapeOf(graph, value)));
        }
    });

    [Fact]
    public void Parameters_gradients_and_modules_are_counted_alike() => Yolo11Architecture.ForEach((key, model) =>
    {
        var graph = ModelZoo.Build(key, model.GetProperty("nc").GetInt32(), height: 640, width: 640);
        var fused = new FoldBatchNormPass().Apply(graph).Graph;

        Assert.Equal(model.GetProperty("gradients").GetInt64(), ModelStatistics.Of(graph).Parameters);
        Assert.Equal(model.GetProperty("parameters").GetInt64(), ParametersOf(graph, "model."));
        Assert.Equal(model.GetProperty("modules_count").GetInt32(), ModulesOf(graph));
        Assert.Equal(model.GetProperty("fused").GetProperty("parameters").GetInt64(), ParametersOf(fused, "model."));
        Assert.Equal(model.GetProperty("fused").GetProperty("modules_count").GetInt32(), ModulesOf(fused));
    });

    [Fact]
    public void Operations_are_counted_alike_before_and_after_fusion() => Yolo11Architecture.ForEach((key, model) =>
    {
        var graph = Sized(ModelZoo.Build(key, model.GetProperty("nc").GetInt32(), height: 640, width: 640), 32);
        var fused = new FoldBatchNormPass().Apply(graph).Graph;
        ShapeInference.Infer(fused);

        // The reference rounds its 640x640 figure to no more than a float64 holds; the file gives six decimals.
        Assert.Equal(model.GetProperty("gflops_640").GetDouble(), Gflops(graph), 6);
        Assert.Equal(model.GetProperty("fused").GetProperty("gflops_640").GetDouble(), Gflops(fused), 6);
    });

    [Fact]
    public void The_state_dict_has_its_names_shapes_and_order()
    {
        foreach (var (key, entries) in Yolo11Architecture.Of("state_dict_"))
        {
            var expected = entries.EnumerateArray()
                .Where(entry => !entry.GetProperty("name").GetString()!.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
                .Select(entry => $"{entry.GetProperty("name").GetString()} [{string.Join(", ", Yolo11Architecture.Longs(entry.GetProperty("shape")))}]").ToList();

            var found = Build(key).Initializers.Take(expected.Count).Select(initializer => $"{initializer.Name} [{string.Join(", ", initializer.Data.Shape)}]");

            Assert.NotEmpty(expected);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Parameters_come_in_the_order_of_the_optimiser()
    {
        foreach (var (key, names) in Yolo11Architecture.Of("parameter_names_"))
        {
            string[] expected = [.. names.EnumerateArray().Select(name => name.GetString()!)];

            var found = Build(key).Initializers.Where(one => one.Name.StartsWith("model.", StringComparison.Ordinal) && (one.Name.EndsWith(".weight", StringComparison.Ordinal) || one.Name.EndsWith(".bias", StringComparison.Ordinal)));

            Assert.NotEmpty(expected);
            Assert.Equal(expected, found.Select(one => one.Name));
        }
    }

    [Fact]
    public void Fresh_output_biases_are_those_of_the_reference()
    {
        foreach (var (key, expected) in Yolo11Architecture.Of("initial_bias_"))
        {
            var graph = Build(key);
            WeightInitializer.Draw(graph, 0);

            for (int level = 0; level < 3; level++)
            {
                Assert.All(graph.FindInitializer($"model.23.cv2.{level}.2.bias")!.Data.AsSpan<float>().ToArray(), bias => Assert.Equal(expected.GetProperty("box")[level].GetDouble(), bias, 6));
                Assert.All(graph.FindInitializer($"model.23.cv3.{level}.2.bias")!.Data.AsSpan<float>().ToArray(), bias => Assert.Equal(expected.GetProperty("cls")[level].GetDouble(), bias, 5));
            }
        }
    }

    [Fact]
    public void Norms_have_the_reference_s_constants() => Yolo11Architecture.ForEach((key, model) => Assert.All(
        ModelZoo.Build(key, height: 640, width: 640).Nodes.Where(node => node.Operation == "BatchNormalization"),
        norm =>
        {
            Assert.Equal(model.GetProperty("bn_eps").GetDouble(), norm.Float("epsilon", 0), 8);
            Assert.Equal(1 - model.GetProperty("bn_momentum").GetDouble(), norm.Float("momentum", 0), 6);
        }));

    private static ModelGraph Build(string key) => ModelZoo.Build(key, 80, height: 640, width: 640);

    private static ModelGraph Sized(ModelGraph graph, int side) =>
        new FixedSizePass(new Dictionary<string, long> { ["batch"] = 1, ["height"] = side, ["width"] = side }).Apply(graph).Graph;

    private static IEnumerable<long> ShapeOf(ModelGraph graph, string value) => ShapeInference.Find(graph, value)!.Shape!.Select(size => size.Size!.Value);

    /// <summary>Weights and biases, frozen ones too; running statistics and the graph's other constants are no parameters.</summary>
    private static long ParametersOf(ModelGraph graph, string prefix) => graph.Initializers
        .Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal) && (one.Name.EndsWith(".weight", StringComparison.Ordinal) || one.Name.EndsWith(".bias", StringComparison.Ordinal)))
        .Sum(one => one.Data.Count);

    /// <summary>What a layer is, told by its operators.</summary>
    private static string TypeOf(List<GraphNode> nodes)
    {
        int Count(string operation) => nodes.Count(node => node.Operation == operation);
        return (Count("Conv"), Count("Split"), Count("MaxPool"), Count("Softmax"), Count("Resize")) switch
        {
            (0, 0, 0, 0, 1) => "Upsample",
            (0, 0, 0, 0, 0) when Count("Concat") == 1 => "Concat",
            (1, 0, 0, 0, 0) => "Conv",
            (2, 0, 3, 0, 0) => "SPPF",
            ( > 3, 1, 0, 0, 0) => "C3k2",
            ( > 3, > 1, 0, > 0, 0) when nodes.Exists(node => node.Operation == "MatMul") => "C2PSA",
            ( > 3, > 1, 0, 1, 0) when nodes.Exists(node => node.Operation == "Range") => "Detect",
            _ => string.Join(", ", nodes.Select(node => node.Operation)),
        };
    }

    /// <summary>
    /// Modules of the reference: every prefix of a weight's name, the model itself among them; one SiLU that all layers share; an identity for each Conv block
    /// without one; one pooling that SPPF uses three times; upsamplings and joins.
    /// </summary>
    private static int ModulesOf(ModelGraph graph)
    {
        var modules = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weight in graph.Initializers.Where(one => one.Name.EndsWith(".weight", StringComparison.Ordinal) || one.Name.EndsWith(".bias", StringComparison.Ordinal)))
        {
            for (string path = weight.Name; path.Length > 0;)
            {
                path = path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : "";
                modules.Add(path);
            }
        }

        int blocks = modules.Count(path => path.EndsWith(".conv", StringComparison.Ordinal) && !path.Contains(".dfl.", StringComparison.Ordinal));
        int activations = graph.Nodes.Count(node => node.Operation == "Mul" && graph.Nodes.Any(other => other.Operation == "Sigmoid" && node.Inputs.Contains(other.Outputs[0])));
        int layers = graph.Nodes.Count(node => node.Operation == "Resize" || (node.Operation == "Concat" && node.Name.Split('.') is ["model", _]));
        return modules.Count + 1 + (blocks - activations) + 1 + layers;
    }

    /// <summary>Twice the multiply-adds of a picture of 32x32, scaled to 640x640: convolutions, 4 for each element of a norm, 1 for each of an upsampling.</summary>
    private static double Gflops(ModelGraph graph)
    {
        double sum = 0;
        foreach (var node in graph.Nodes)
        {
            double elements = node.Operation is "Conv" or "BatchNormalization" or "Resize" ? ShapeOf(graph, node.Outputs[0]).Aggregate(1.0, (product, size) => product * size) : 0;
            sum += node.Operation switch
            {
                "Conv" => elements * graph.FindInitializer(node.Inputs[1])!.Data.Shape.Skip(1).Aggregate(1.0, (product, size) => product * size),
                "BatchNormalization" => elements * 4,
                "Resize" => elements,
                _ => 0,
            };
        }

        return sum * 2 * 400 / 1e9;
    }
}
