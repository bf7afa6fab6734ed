using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime;

/// <summary>
/// Tells what a picture shows. The model's card says the size, the normalisation and the names: nothing else is needed. Safe to call from several threads,
/// which take turns.
/// </summary>
public sealed class ClassificationPredictor : IDisposable
{
    private readonly ModelSession _session;
    private readonly BoundSession _bound;
    private readonly ImageFitter _fitter;
    private readonly PixelNormalizer _normalizer;
    private readonly Lock _turn = new();

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file, with a card.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="DataException">The file carries no card.</exception>
    public ClassificationPredictor(string path, ModelSessionOptions? options = null)
        : this(ModelSession.Open(path, options), path)
    {
    }

    /// <summary>Takes a model that is open already; it is disposed with the predictor, or here where it is refused.</summary>
    /// <param name="session">The model, with a card.</param>
    /// <param name="name">What messages call it: its file.</param>
    /// <exception cref="DataException">The file carries no card.</exception>
    public ClassificationPredictor(ModelSession session, string name)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
        try
        {
            if (DetectorRecognition.Refusal(session) is { } refusal)
            {
                throw new DataException(refusal);
            }

            Card = _session.Card ?? throw new DataException($"'{name}' carries no card, so its class names and normalisation are unknown. Models written by a run carry one.");
            var input = Card.Input;
            _fitter = new(input.Channels, input.Height, input.Width);
            _normalizer = new(input);
            _bound = _session.Bind([1, input.Channels, input.Height, input.Width]);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The model's card.</summary>
    public ModelCard Card { get; }

    /// <summary>The number of classes the model tells apart.</summary>
    public int ClassCount => _bound.Output.Length;

    /// <summary>The name of a class; <c>class 7</c> where the card has none.</summary>
    /// <param name="classIndex">The 0-based class.</param>
    public string NameOf(int classIndex) => classIndex < Card.ClassNames.Count ? Card.ClassNames[classIndex] : $"class {classIndex}";

    /// <summary>Tells what a picture shows.</summary>
    /// <param name="image">The picture, of any size.</param>
    /// <returns>Every class with its probability, the most probable first.</returns>
    public IReadOnlyList<Prediction> Predict(PixelImage image)
    {
        double[] probabilities = new double[ClassCount];
        Predict(image, probabilities);
        return [.. probabilities
            .Select((probability, index) => new Prediction(index, NameOf(index), probability))
            .OrderByDescending(prediction => prediction.Probability)];
    }

    /// <summary>Tells what a picture shows without allocating anything managed, once a picture of that size has been seen.</summary>
    /// <param name="image">The picture, of any size.</param>
    /// <param name="probabilities">Filled with the probability of each class; <see cref="ClassCount"/> long.</param>
    /// <returns>The most probable class, 0-based.</returns>
    /// <exception cref="ArgumentException">There is not one place a class.</exception>
    public int Predict(PixelImage image, Span<double> probabilities)
    {
        if (probabilities.Length != ClassCount)
        {
            throw new ArgumentException($"{probabilities.Length} places were given for the probabilities of {ClassCount} classes. Give ClassCount places.", nameof(probabilities));
        }

        lock (_turn)
        {
            _normalizer.Write(_fitter.Fit(image), _bound.Input);
            var logits = _bound.Run();
            SoftLabels.Softmax(logits, 1, probabilities);
            return ClassificationScore.Predict(logits);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bound.Dispose();
        _session.Dispose();
    }
}
