using DistillSharp.Tasks;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime;

/// <summary>Tells what a picture shows. The model's card says the size, the normalisation and the names: nothing else is needed.</summary>
public sealed class ClassificationPredictor : IDisposable
{
    private readonly ModelSession _session;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file, with a card.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="DataException">The file carries no card.</exception>
    public ClassificationPredictor(string path, ModelSessionOptions? options = null)
    {
        _session = ModelSession.Open(path, options);
        if (_session.Card is not { } card)
        {
            _session.Dispose();
            throw new DataException($"'{path}' carries no card, so its class names and normalisation are unknown. Models written by a run carry one.");
        }

        Card = card;
    }

    /// <summary>The model's card.</summary>
    public ModelCard Card { get; }

    /// <summary>Tells what a picture shows.</summary>
    /// <param name="image">The picture, of any size.</param>
    /// <returns>Every class with its probability, the most probable first.</returns>
    public IReadOnlyList<Prediction> Predict(PixelImage image)
    {
        var loader = new BatchLoader(new MemorySamples("picture", [image], [0]), new() { Input = Card.Input, BatchSize = 1, Workers = 0 });
        var batch = loader.Epoch(0).First();
        var (logits, _) = _session.Run(batch.Pixels, [1, Card.Input.Channels, Card.Input.Height, Card.Input.Width]);
        double[] probabilities = new double[logits.Length];
        SoftLabels.Softmax(logits, 1, probabilities);
        return [.. probabilities
            .Select((probability, index) => new Prediction(index, index < Card.ClassNames.Count ? Card.ClassNames[index] : $"class {index}", probability))
            .OrderByDescending(prediction => prediction.Probability)];
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
