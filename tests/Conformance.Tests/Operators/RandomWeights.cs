using DistillSharp.Graph;
using DistillSharp.Tasks.Data;

namespace Conformance.Tests.Operators;

/// <summary>Puts random weights where nodes make constant ones, of a size that keeps activations alive through deep models.</summary>
internal static class RandomWeights
{
    public static long Count(ModelGraph model) => model.Nodes.Where(node => node.Operation == "ConstantOfShape")
        .Sum(node => TensorData.CountOf(model.FindInitializer(node.Inputs[0])!.Data.AsSpan<long>()));

    public static void Replace(ModelGraph model)
    {
        int stream = 0;
        var statistics = model.Nodes.Where(node => node.Operation == "BatchNormalization").SelectMany(node => node.Inputs.Skip(1)).ToHashSet(StringComparer.Ordinal);
        foreach (var node in model.Nodes.Where(node => node.Operation == "ConstantOfShape").ToList())
        {
            long[] shape = model.FindInitializer(node.Inputs[0])!.Data.AsSpan<long>().ToArray();
            var random = new SampleRandom(31, 0, stream++);
            bool positive = statistics.Contains(node.Outputs[0]);
            double size = shape.Length > 1 ? Math.Sqrt(2.0 / TensorData.CountOf(shape.AsSpan(1))) : 0.1;
            float[] values = new float[TensorData.CountOf(shape)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(positive ? 0.5 + random.NextDouble() : size * random.NextNormal());
            }

            model.Nodes.Remove(node);
            model.Add(new(node.Outputs[0], TensorData.Create<float>(values, shape), trainable: true));
        }
    }
}
