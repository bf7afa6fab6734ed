using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Weights;

namespace DistillSharp.Training;

/// <summary>A run's <c>state.safetensors</c>: weights, statistics, optimiser, average, companions and position, in one file that is whole or not there.</summary>
internal static class TrainingState
{
    private const string LayoutKey = "layout";

    /// <summary>A score of a model whose logits overflow is no number, and JSON has none for it.</summary>
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Saves the state.</summary>
    public static void Save(string path, TrainedNetwork network, TrainingPosition position, IReadOnlyList<Companion> companions)
    {
        var tensors = new Dictionary<string, TensorData>(StringComparer.Ordinal);
        network.Save("", tensors, position.Pending > 0);
        foreach (var companion in companions)
        {
            companion.Save(tensors, position.Pending > 0);
        }

        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["position"] = JsonSerializer.Serialize(position, s_json), [LayoutKey] = Layout(network.Executor) });
    }

    /// <summary>Puts a saved state in place.</summary>
    /// <returns>The position.</returns>
    /// <exception cref="GraphException">The state does not fit this model; the message names the file.</exception>
    public static TrainingPosition Load(string path, TrainedNetwork network, IReadOnlyList<Companion> companions)
    {
        var (tensors, metadata) = SafetensorsFile.Read(path);
        var state = new SavedTensors(path, tensors);
        try
        {
            var position = JsonSerializer.Deserialize<TrainingPosition>(metadata["position"], s_json) ?? throw new JsonException("The position is null.");
            network.Load("", state, position.Pending > 0);
            if (metadata.GetValueOrDefault(LayoutKey) != Layout(network.Executor))
            {
                throw new GraphException($"'{path}' does not fit this model: its weights have other names, or lie in another order. Resume with the recipe and the version the run was started with.");
            }

            foreach (var companion in companions)
            {
                companion.Load(state, position.Pending > 0);
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
}
