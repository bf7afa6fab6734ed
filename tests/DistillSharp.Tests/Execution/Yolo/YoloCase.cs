using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Numerics;
using DistillSharp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Yolo;

/// <summary>A file of the reference's numbers and the model with the weights it belongs to.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Arrays">Its arrays.</param>
/// <param name="Graph">The model, its weights loaded.</param>
internal sealed record YoloCase(string Name, IReadOnlyDictionary<string, NpyArray> Arrays, ModelGraph Graph)
{
    /// <summary>Every forward pass of the folder: <c>forward_X.npz</c> and <c>X_forward.npz</c>.</summary>
    public static IReadOnlyList<YoloCase> Forwards() => Found(
        [("forward_", ""), ("", "_forward")], arrays => arrays.ContainsKey("x"));

    /// <summary>Every training step of the folder: <c>loss_X.npz</c> with arrays <c>e2e_*</c>, which not every file of losses has.</summary>
    public static IReadOnlyList<YoloCase> Steps() => Found([("loss_", "")], arrays => arrays.ContainsKey("e2e_feat0"));

    /// <summary>An array as a tensor of float32.</summary>
    public Tensor Tensor(string name) => torch.tensor(Array.ConvertAll(Arrays[name].Values.ToArray(), value => (float)value), [.. Arrays[name].Shape]);

    /// <summary>The largest difference of an array, as a share of its largest number.</summary>
    public double Error(string array, IReadOnlyList<double> found) => CentralDifferences.RelativeError(found, Arrays[array].Values);

    /// <summary>The numbers of a tensor.</summary>
    public static double[] Numbers(Tensor value)
    {
        using var whole = value.detach().contiguous();
        return [.. whole.data<float>().Select(number => (double)number)];
    }

    /// <summary>What ONNX Runtime makes of an input.</summary>
    public static Dictionary<string, double[]> Session(ModelGraph graph, NpyArray input, ModelSessionOptions? options = null)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), options ?? new() { Threads = 1 });
        var results = new Dictionary<string, double[]>(StringComparer.Ordinal);
        string[] names = [.. graph.Outputs.Select(output => output.Name)];
        session.Run(Array.ConvertAll(input.Values.ToArray(), value => (float)value), [.. input.Shape], names, (i, values, _) => results[names[i]] = [.. values.ToArray().Select(value => (double)value)]);
        return results;
    }

    /// <summary>The taps of the model that the file has numbers of: <c>layer4</c> is the value <c>model.4</c>.</summary>
    public IEnumerable<(string Array, string Value)> Taps => Arrays.Keys.Where(name => name.StartsWith("layer", StringComparison.Ordinal)).Select(name => (name, $"model.{name[5..]}"));

    /// <summary>The model with its taps as outputs.</summary>
    public ModelGraph Tapped() => Taps.Any() ? new TapPass([.. Taps.Select(tap => tap.Value)]).Apply(Graph).Graph : Graph;

    /// <summary>The cases of the named folder; where it has none of the kind, those of the default one.</summary>
    private static List<YoloCase> Found((string Before, string After)[] layouts, Func<IReadOnlyDictionary<string, NpyArray>, bool> wanted)
    {
        var cases = GoldenCheckpoint.Folders.Select(folder => In(folder, layouts, wanted)).FirstOrDefault(found => found.Count > 0) ?? [];
        Assert.NotEmpty(cases);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cases.Count} golden cases: {string.Join(", ", cases.Select(one => one.Name))}");
        return cases;
    }

    private static List<YoloCase> In(string folder, (string Before, string After)[] layouts, Func<IReadOnlyDictionary<string, NpyArray>, bool> wanted)
    {
        var cases = new List<YoloCase>();
        foreach (string path in Directory.GetFiles(folder, "*.npz").Order(StringComparer.Ordinal))
        {
            string stem = Path.GetFileNameWithoutExtension(path);
            foreach (var (before, after) in layouts)
            {
                if (stem.Length > before.Length + after.Length && stem.StartsWith(before, StringComparison.Ordinal) && stem.EndsWith(after, StringComparison.Ordinal) && NpzFile.Read(path) is var arrays && wanted(arrays))
                {
                    cases.Add(new(Path.GetFileName(path), arrays, Load(stem[before.Length..^after.Length])));
                }
            }
        }

        return cases;
    }

    /// <summary>The model of the case's checkpoint.</summary>
    private static ModelGraph Load(string stem)
    {
        var checkpoint = Checkpoint.Load(GoldenCheckpoint.Of(stem));
        var graph = Yolo11.Create(Options(checkpoint.Metadata));
        GraphWeights.Load(graph, checkpoint.StateDict);
        return graph;
    }

    /// <summary>The size as the checkpoint's own description says it: <c>scales: { n: [depth, width, most channels] }</c>.</summary>
    private static Yolo11Options Options(CheckpointMetadata metadata)
    {
        string scale = (string)metadata.Yaml!["scale"]!;
        double[] sizes = [.. ((IReadOnlyList<object?>)((IReadOnlyDictionary<string, object?>)metadata.Yaml["scales"]!)[scale]!).Select(size => Convert.ToDouble(size, CultureInfo.InvariantCulture))];
        return new() { Classes = metadata.Classes!.Value, DepthMultiple = sizes[0], WidthMultiple = sizes[1], MaxChannels = (int)sizes[2], NestedEverywhere = scale is "m" or "l" or "x" };
    }
}
