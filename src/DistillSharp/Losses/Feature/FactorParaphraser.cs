using DistillSharp.Adapters;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>
/// The paraphraser of factor transfer (arXiv:1802.04977): an autoencoder of the teacher's map, trained before the student. Its encoder gives the factors that
/// the student is to match; the decoder is only needed to train it. Not safe from several threads at once.
/// </summary>
public sealed class FactorParaphraser : IDisposable
{
    private AdapterNetwork? _decoder;
    private AdamWOptimizer? _encoderOptimizer, _decoderOptimizer;
    private long _step;

    /// <summary>Draws an encoder of three 3x3 convolutions, the second to the factors' channels, and a decoder of three transposed ones that mirrors it.</summary>
    /// <param name="path">What weights are named after: <c>path.encoder.0.weight</c>.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="factors">The factors' channels.</param>
    /// <param name="learningRate">The learning rate of <see cref="Train"/>.</param>
    /// <param name="setup">Seed, precision and device.</param>
    /// <param name="kernel">Rows and columns of all filters: <see cref="KernelFor"/>.</param>
    internal FactorParaphraser(string path, int channels, int factors, double learningRate, LossSetup setup, int kernel)
    {
        (Channels, Factors) = (channels, factors);
        Encoder = new(EncoderGraph(path, channels, factors, kernel), setup);
        _decoder = new(DecoderGraph(path, channels, factors, kernel), setup);
        _encoderOptimizer = new(new() { LearningRate = learningRate, WeightDecay = 0 });
        _decoderOptimizer = new(new() { LearningRate = learningRate, WeightDecay = 0 });
    }

    /// <summary>The map's channels.</summary>
    public int Channels { get; }

    /// <summary>The factors' channels.</summary>
    public int Factors { get; }

    /// <summary>What makes factors of a map.</summary>
    public AdapterNetwork Encoder { get; }

    /// <summary>Whether it is trained no more.</summary>
    public bool Frozen => _decoder is null;

    /// <summary>Rows and columns of the filters over a feature: 3, and 1 for a vector, of which a larger filter would see one place in nine.</summary>
    /// <param name="shape">The feature's shape, the batch first.</param>
    internal static int KernelFor(IReadOnlyList<long> shape) => shape.Count == 2 ? 1 : 3;

    /// <summary>Takes a step towards maps that can be restored from their factors: mean squared error, AdamW.</summary>
    /// <param name="map">The teacher's map, <c>[N, C, H, W]</c>, or vectors <c>[N, D]</c>.</param>
    /// <returns>The mean squared error before the step.</returns>
    /// <exception cref="InvalidOperationException">It is frozen.</exception>
    public double Train(Tensor map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var decoder = _decoder ?? throw new InvalidOperationException("The paraphraser is frozen: its factors are what the student learns, so they must not move any more.");
        Encoder.Executor.ZeroGradients();
        decoder.Executor.ZeroGradients();
        double error = Backward(decoder, map);
        _encoderOptimizer!.Step(Encoder.Executor.Weights, Encoder.Executor.Gradients, factor: 1, _step);
        _decoderOptimizer!.Step(decoder.Executor.Weights, decoder.Executor.Gradients, factor: 1, _step);
        _step++;
        return error;
    }

    /// <summary>Ends its training: the decoder is thrown away.</summary>
    public void Freeze()
    {
        _decoder?.Dispose();
        _encoderOptimizer?.Dispose();
        _decoderOptimizer?.Dispose();
        (_decoder, _encoderOptimizer, _decoderOptimizer) = (null, null, null);
    }

    /// <summary>The factors of a map, without gradient. The caller owns them.</summary>
    /// <param name="map">The teacher's map, <c>[N, C, H, W]</c>, or vectors <c>[N, D]</c>.</param>
    public Tensor Encode(Tensor map)
    {
        using var seen = VectorMaps.Of(map);
        return Encoder.Executor.Evaluate(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["map"] = seen })["factors"];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Freeze();
        Encoder.Dispose();
    }

    /// <summary>Adds a leaky ReLU of slope 0.1, as all layers of factor transfer have.</summary>
    internal static string Leaky(GraphBuilder b, string path, string x) => b.Node("LeakyRelu", path, [x], ("alpha", new FloatValue(0.1f)));

    private double Backward(AdapterNetwork decoder, Tensor map)
    {
        using var scope = NewDisposeScope();
        using var detached = map.detach();
        var target = VectorMaps.Of(detached);
        var factors = Encoder.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["map"] = target }, _step)["factors"];
        var restored = decoder.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["factors"] = factors }, _step)["restored"];
        var error = mse_loss(restored, target);
        error.backward();
        return error.ToDouble();
    }

    private static ModelGraph EncoderGraph(string path, int channels, int factors, int kernel)
    {
        var b = new GraphBuilder("paraphraser");
        string x = b.Input("map", Dimension.Named(GraphBuilder.BatchSymbol), channels, Dimension.Unknown, Dimension.Unknown);
        x = Leaky(b, $"{path}.encoder.2", b.Conv($"{path}.encoder.0", x, channels, kernel, padding: kernel / 2, bias: true));
        x = Leaky(b, $"{path}.encoder.5", b.Conv($"{path}.encoder.3", x, factors, kernel, padding: kernel / 2, bias: true));
        Leaky(b, "factors", b.Conv($"{path}.encoder.6", x, factors, kernel, padding: kernel / 2, bias: true));
        return b.Build([new GraphValue("factors", ElementType.Float32, null)]);
    }

    private static ModelGraph DecoderGraph(string path, int channels, int factors, int kernel)
    {
        var b = new GraphBuilder("decoder");
        string x = b.Input("factors", Dimension.Named(GraphBuilder.BatchSymbol), factors, Dimension.Unknown, Dimension.Unknown);
        x = Leaky(b, $"{path}.decoder.2", b.ConvTranspose($"{path}.decoder.0", x, factors, kernel, stride: 1, padding: kernel / 2));
        x = Leaky(b, $"{path}.decoder.5", b.ConvTranspose($"{path}.decoder.3", x, channels, kernel, stride: 1, padding: kernel / 2));
        Leaky(b, "restored", b.ConvTranspose($"{path}.decoder.6", x, channels, kernel, stride: 1, padding: kernel / 2));
        return b.Build([new GraphValue("restored", ElementType.Float32, null)]);
    }
}
