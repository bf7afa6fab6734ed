using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>A model that is trained beside the student, and of which the best epoch is kept in the run's state as the student's is in its file.</summary>
/// <param name="graph">The model; it is not changed.</param>
/// <param name="network">What trains it.</param>
internal sealed class KeptModel(ModelGraph graph, TrainedNetwork network) : IDisposable
{
    private Tensor? _weights, _statistics;
    private HeldOutScore? _highest;

    /// <summary>Computes the running statistics of the averaged weights, where they are to be computed.</summary>
    /// <param name="batches">The batches.</param>
    public void RecomputeStatistics(Func<IEnumerable<TrainingBatch>> batches) => network.RecomputeStatistics(batches);

    /// <summary>The model of the present epoch as a file.</summary>
    public byte[] Serialize() => OnnxFile.Serialize(Written(network.Weights, network.Statistics));

    /// <summary>The model of the best epoch; the present one where no epoch ended.</summary>
    public ModelGraph Best() => Written(_weights ?? network.Weights, _statistics ?? network.Statistics);

    /// <summary>Keeps the present model if it is the one to keep (<see cref="HeldOutScore"/>).</summary>
    /// <param name="score">What it scored.</param>
    public void Keep(HeldOutScore score)
    {
        if (score.Replaces(_highest))
        {
            Dispose();
            (_weights, _statistics) = (network.Weights.clone(), network.Statistics.clone());
        }

        _highest = score.Beats(_highest) ? score : _highest;
    }

    /// <summary>Adds the best epoch to a run's state.</summary>
    public void Save(string prefix, IDictionary<string, TensorData> tensors)
    {
        if (_weights is not null)
        {
            tensors[$"{prefix}best.weights"] = SavedTensors.ToData(_weights);
            tensors[$"{prefix}best.statistics"] = SavedTensors.ToData(_statistics!);
            tensors[$"{prefix}best.highest"] = TensorData.Create<double>([_highest?.Score ?? double.NaN, _highest?.Loss ?? double.NaN, _highest?.Error ?? double.NaN], 3);
        }
    }

    /// <summary>Puts the best epoch back.</summary>
    public void Load(string prefix, SavedTensors state)
    {
        if (!state.Under($"{prefix}best.").Any())
        {
            return;
        }

        Dispose();
        (_weights, _statistics) = (state.Like($"{prefix}best.weights", network.Weights), state.Like($"{prefix}best.statistics", network.Statistics));
        using var score = zeros(3, ScalarType.Float64);
        state.Copy($"{prefix}best.highest", score);
        double[] values = score.data<double>().ToArray();
        _highest = new(NumberOrNull(values[0]), NumberOrNull(values[1]), NumberOrNull(values[2]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights?.Dispose();
        _statistics?.Dispose();
        (_weights, _statistics) = (null, null);
    }

    private static double? NumberOrNull(double value) => double.IsNaN(value) ? null : value;

    private ModelGraph Written(Tensor weights, Tensor statistics)
    {
        var written = graph.Clone();
        network.Executor.WriteTo(written, weights, statistics);
        return written;
    }
}
