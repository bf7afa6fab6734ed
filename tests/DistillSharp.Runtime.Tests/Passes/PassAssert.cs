using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Holds a pass to what every pass promises: ONNX Runtime gives the same outputs before and after.</summary>
internal static class PassAssert
{
    public static PassResult Keeps(ModelGraph graph, GraphPass pass, double tolerance = 1e-5, int seed = 1)
    {
        var before = graph.Clone();
        var result = pass.Apply(graph);
        GraphChecker.Require(result.Graph);
        var feeds = Feeds(graph, seed);
        Same(SessionRun.Run(before, feeds), SessionRun.Run(result.Graph, feeds), tolerance);
        Same(SessionRun.Run(before, feeds), SessionRun.Run(graph, feeds), 0);
        return result;
    }

    public static void Same(Dictionary<string, TensorData> expected, Dictionary<string, TensorData> actual, double tolerance)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, a) in expected)
        {
            var b = actual[name];
            Assert.Equal(a.Type, b.Type);
            Assert.Equal(a.Shape, b.Shape);
            double[] x = Numbers(a), y = Numbers(b);
            double scale = x.Select(Math.Abs).DefaultIfEmpty(0).Max(), error = x.Zip(y, (p, q) => double.Equals(p, q) ? 0 : Math.Abs(p - q)).DefaultIfEmpty(0).Max();
            Assert.True(error <= tolerance * scale, $"{name}: off by {error} at a scale of {scale}.");
            Assert.True(scale > 0 || x.Length == 0, $"{name} is all zeros, which proves nothing.");
        }
    }

    /// <summary>Seeded inputs: a free size is 2.</summary>
    public static Dictionary<string, TensorData> Feeds(ModelGraph graph, int seed, int free = 2)
    {
        var random = new Random(seed);
        return graph.Inputs.ToDictionary(input => input.Name, input => Random(input.Type, [.. input.Shape!.Select(size => size.Size ?? free)], random));
    }

    public static TensorData Random(ElementType type, long[] shape, Random random, double low = -1, double high = 1)
    {
        double Next() => low + ((high - low) * random.NextDouble());
        int count = (int)TensorData.CountOf(shape);
        return type switch
        {
            ElementType.Float32 => TensorData.Create<float>(Make(count, () => (float)Next()), shape),
            ElementType.Float64 => TensorData.Create<double>(Make(count, Next), shape),
            ElementType.Float16 => TensorData.Create<Half>(Make(count, () => (Half)Next()), shape),
            ElementType.Int64 => TensorData.Create<long>(Make(count, () => random.NextInt64(0, 4)), shape),
            ElementType.Int32 => TensorData.Create<int>(Make(count, () => random.Next(0, 4)), shape),
            ElementType.UInt8 => TensorData.Create<byte>(Make(count, () => (byte)random.Next(256)), shape),
            ElementType.Bool => TensorData.Create<bool>(Make(count, () => random.Next(2) == 1), shape),
            _ => throw new NotSupportedException($"{type}"),
        };
    }

    /// <summary>Fills every float32 initialiser (of our own models every weight), running variances with positive numbers.</summary>
    public static ModelGraph Randomized(this ModelGraph graph, int seed = 1)
    {
        var random = new Random(seed);
        bool own = graph.Initializers.Where(initializer => initializer.Trainable).All(initializer => initializer.Initialization is not null);
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32 && initializer.Data.Shape.Count > 0 && (!own || initializer.Initialization is not null)))
        {
            bool positive = initializer.Name.EndsWith("running_var", StringComparison.Ordinal);
            double width = 1 / Math.Sqrt(Math.Max(1, initializer.Data.Shape.Count > 1 ? initializer.Data.Count / initializer.Data.Shape[0] : 1));
            initializer.Data = Random(ElementType.Float32, [.. initializer.Data.Shape], random, positive ? 0.5 : -width, positive ? 2 : width);
        }

        return graph;
    }

    public static double[] Numbers(TensorData data) => data.Type switch
    {
        ElementType.Float32 => Array.ConvertAll(data.AsSpan<float>().ToArray(), value => (double)value),
        ElementType.Float64 => data.AsSpan<double>().ToArray(),
        ElementType.Float16 => Array.ConvertAll(data.AsSpan<Half>().ToArray(), value => (double)value),
        ElementType.Int64 => Array.ConvertAll(data.AsSpan<long>().ToArray(), value => (double)value),
        ElementType.Int32 => Array.ConvertAll(data.AsSpan<int>().ToArray(), value => (double)value),
        _ => Array.ConvertAll(data.Bytes.ToArray(), value => (double)value),
    };

    private static T[] Make<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
