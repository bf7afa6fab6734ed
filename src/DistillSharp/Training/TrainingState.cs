using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Weights;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>A run's <c>state.safetensors</c>: weights, statistics, optimiser, average and position, in one file that is whole or not there.</summary>
internal static class TrainingState
{
    private const string OptimizerPrefix = "optimizer.", LayoutKey = "layout";

    /// <summary>A score of a model whose logits overflow is no number, and JSON has none for it.</summary>
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Saves the state.</summary>
    public static void Save(string path, GraphExecutor executor, Optimizer optimizer, WeightAverage? average, TrainingPosition position)
    {
        var tensors = new Dictionary<string, TensorData>(StringComparer.Ordinal)
        {
            ["weights"] = ToData(executor.Weights.Values),
            ["statistics"] = ToData(executor.Statistics.Values),
        };
        if (average is not null)
        {
            tensors["average"] = ToData(average.Values);
        }

        if (average?.Statistics is { } averaged)
        {
            tensors["average.statistics"] = ToData(averaged);
        }

        if (position.Pending > 0)
        {
            tensors["gradients"] = ToData(executor.Gradients);
        }

        foreach (var (name, tensor) in optimizer.State)
        {
            tensors[OptimizerPrefix + name] = ToData(tensor);
        }

        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["position"] = JsonSerializer.Serialize(position, s_json), [LayoutKey] = Layout(executor) });
    }

    /// <summary>Puts a saved state in place.</summary>
    /// <returns>The position.</returns>
    /// <exception cref="GraphException">The state does not fit this model; the message names the file.</exception>
    public static TrainingPosition Load(string path, GraphExecutor executor, Optimizer optimizer, WeightAverage? average)
    {
        var (tensors, metadata) = SafetensorsFile.Read(path);
        Copy(path, tensors, "weights", executor.Weights.Values);
        Copy(path, tensors, "statistics", executor.Statistics.Values);
        if (average is not null)
        {
            Copy(path, tensors, "average", average.Values);
        }

        if (average?.Statistics is { } averaged)
        {
            Copy(path, tensors, "average.statistics", averaged);
        }

        foreach (var (name, data) in tensors.Where(pair => pair.Key.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
        {
            CheckSize(path, name, data, executor.Weights.Values);
            optimizer.Restore(name[OptimizerPrefix.Length..], TensorConversion.ToTensor(data, executor.Precision, executor.Device));
        }

        try
        {
            var position = JsonSerializer.Deserialize<TrainingPosition>(metadata["position"], s_json) ?? throw new JsonException("The position is null.");
            if (metadata.GetValueOrDefault(LayoutKey) != Layout(executor))
            {
                throw new GraphException($"'{path}' does not fit this model: its weights have other names, or lie in another order. Resume with the recipe and the version the run was started with.");
            }

            if (position.Pending > 0)
            {
                Copy(path, tensors, "gradients", executor.Gradients);
            }

            return position;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException)
        {
            throw new GraphException($"'{path}' holds no position of a run. Delete the run's folder and start it again.", error);
        }
    }

    /// <summary>What lies where in the flat buffers: another order would put every number into another weight.</summary>
    private static string Layout(GraphExecutor executor)
    {
        string text = string.Join('\n', executor.Weights.Parameters.Concat(executor.Statistics.Parameters).Select(parameter => $"{parameter.Name} {parameter.Offset} {parameter.Count}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static void Copy(string path, IReadOnlyDictionary<string, TensorData> tensors, string name, Tensor target)
    {
        var data = tensors.GetValueOrDefault(name);
        CheckSize(path, name, data, target);
        using var guard = no_grad();
        using var source = TensorConversion.ToTensor(data!, target.dtype, target.device);
        target.copy_(source);
    }

    private static void CheckSize(string path, string name, TensorData? data, Tensor target)
    {
        if (data is null || data.Count != target.NumberOfElements)
        {
            throw new GraphException(
                $"'{path}' does not fit this model: '{name}' has {(data is null ? 0 : data.Count)} elements instead of {target.NumberOfElements}. Resume with the recipe the run was started with.");
        }
    }

    private static TensorData ToData(Tensor tensor)
    {
        using var host = tensor.cpu();
        return TensorConversion.ToData(host, tensor.dtype == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32, tensor.shape);
    }
}
