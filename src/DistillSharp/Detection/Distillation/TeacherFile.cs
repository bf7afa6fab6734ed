using System.Globalization;
using DistillSharp.Detection.Losses;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Taps;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Weights;
using DistillSharp.Weights.Import;

namespace DistillSharp.Detection.Distillation;

/// <summary>A teacher's file, read and held against the data: its classes by name, and whether its head is the student's.</summary>
internal sealed class TeacherFile : IDisposable
{
    private const int SampleBatch = 8, SampleBatches = 2;

    private readonly DetectionTeacherSettings _settings;
    private readonly byte[] _model;
    private readonly IDetectionSource _sample;
    private readonly int _side, _threads;
    private BoxDetector? _detector;

    private TeacherFile(DetectionTeacherSettings settings, string path, byte[] model, TapModel graph, ClassMapping classes, IDetectionSource sample, int side, bool sizesVary, int threads)
    {
        (_settings, Path, _model, Graph, Classes, _sample, _side, _threads) = (settings, path, model, graph, classes, sample, side, threads);
        (Head, Otherwise) = HeadOf(graph, settings.ImageSize ?? side, side, sizesVary);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The graph, with the shapes of the student's batch.</summary>
    public TapModel Graph { get; }

    /// <summary>What its classes are in the data.</summary>
    public ClassMapping Classes { get; }

    /// <summary>The head, where it is like the student's and sees the student's pictures; null otherwise.</summary>
    public DetectionHead? Head { get; }

    /// <summary>Why it cannot be compared cell by cell, as the end of a sentence about it; empty where it can.</summary>
    public string Otherwise { get; }

    /// <summary>What must be known of it, in sentences.</summary>
    public IReadOnlyList<string> Notes => Classes.Notes;

    /// <summary>How much it counts among several.</summary>
    public double Weight => _settings.Weight;

    /// <summary>Reads a teacher.</summary>
    /// <param name="settings">What is said of it.</param>
    /// <param name="path">Its file.</param>
    /// <param name="data">The data: its classes, and training pictures by which it is settled what the file's answers mean.</param>
    /// <param name="recipe">The run: the student's pictures, batches and threads.</param>
    /// <exception cref="DataException">It does not say its classes, or they do not map; the message lists them.</exception>
    /// <exception cref="GraphException">The file is damaged.</exception>
    public static TeacherFile Open(DetectionTeacherSettings settings, string path, DetectionDataset data, DetectionRecipe recipe)
    {
        var (training, side, batch) = (recipe.Training, recipe.Training.ImageSize, recipe.Training.Batch);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The teacher '{path}' does not exist. Weights are not downloaded: give the path of a file, or a key of the zoo (yolo11s) to train one first.", path);
        }

        bool onnx = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        var graph = onnx ? OnnxFile.Load(path) : CheckpointImport.Import(Checkpoint.Load(path)).Graph;
        byte[] model = OnnxFile.Serialize(graph);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal));
        if (card is null && UnsupportedDetector.Of(graph, settings.Names.Count > 0 ? settings.Names.Count : null) is { } refusal)
        {
            throw new DataException($"The teacher '{path}' cannot be used. {refusal}");
        }

        var own = settings.Names.Count > 0 ? settings.Names : card is { IsDetector: true, ClassNames.Count: > 0 } ? card.ClassNames
            : throw new DataException($"The teacher '{path}' does not say which classes it tells apart: {(card is null ? "it carries no card" : card.IsDetector ? "its card names none" : $"its card says that it is for {card.Task}, so it finds no boxes")}. Name them in its own order with teacher.names (--teacher-names).");
        var renamed = settings.Classes.Select(pair => pair.Split('=')).GroupBy(pair => pair[0].Trim(), StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.Count() == 1 ? group.First()[1].Trim() : throw new DataException($"teacher.classes says of '{group.Key}' what the teacher calls it {group.Count()} times. Say it once."),
            StringComparer.Ordinal);
        var classes = ClassMapping.Of(data.ClassNames, own, renamed, settings.AllowUnmapped);
        return new(settings, path, model, new("teacher", graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), batch), classes, data.Train, side, training.MultiScale, recipe.Threads);
    }

    /// <summary>A teacher of the zoo that is not trained yet, to hold losses and taps against.</summary>
    /// <param name="settings">What is said of it.</param>
    /// <param name="graph">The model, of the data's classes.</param>
    /// <param name="data">The data.</param>
    /// <param name="recipe">The run.</param>
    public static TeacherFile Untrained(DetectionTeacherSettings settings, ModelGraph graph, DetectionDataset data, DetectionRecipe recipe)
    {
        var (training, side, batch) = (recipe.Training, recipe.Training.ImageSize, recipe.Training.Batch);
        return new(settings, settings.Model.Name, OnnxFile.Serialize(graph), new("teacher", graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), batch), ClassMapping.Of(data.ClassNames, data.ClassNames), data.Train, side, training.MultiScale, recipe.Threads);
    }

    /// <summary>Opens it as a teacher.</summary>
    /// <param name="question">What is asked of it.</param>
    public DetectionTeacher Open(DetectionQuestion question)
    {
        if (Head is { } head && (question.Boxes || question.Maps || question.Taps.Count > 0))
        {
            var tapped = new TapPass([.. HeadTeacher.WantedOf(head, question)]).Apply(OnnxFile.Load(_model)).Graph;
            return new HeadTeacher(ModelSession.Open(OnnxFile.Serialize(tapped), new() { Threads = _threads, KeepMemory = true }), head, Classes, question, Suppression, Input);
        }

        return question.Taps.Count == 0 && !question.Maps ? new BoxTeacher(Detector, Classes)
            : throw new DataException($"The teacher '{Path}' {Otherwise}, so that only its boxes can teach. Use the loss 'boxes' alone.");
    }

    /// <summary>The file as a detector; what its answers mean is settled by training pictures, once.</summary>
    /// <exception cref="DataException">It finds no boxes; the message lists its outputs.</exception>
    public BoxDetector Detector => _detector ??= OpenDetector();

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Frees the detector; it is opened again, and settled as before, when it is asked for.</summary>
    public void Release()
    {
        _detector?.Dispose();
        _detector = null;
    }

    /// <summary>Scores it: where its head and its classes are the student's, by the very code that scores students.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="loading">How they are loaded.</param>
    /// <param name="observer">Who looks on; null for nobody.</param>
    /// <param name="progress">Told the number of images done; null for nobody.</param>
    /// <param name="cancellation">Stops the run.</param>
    public DetectionEvaluation Score(IDetectionSource pictures, DetectionLoaderOptions loading, DetectionObserver? observer, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (Head is null || !Classes.IsIdentity || Input is not null)
        {
            return BoxDetectorEvaluation.Evaluate(Detector, Classes, pictures, loading, new() { Observer = observer }, progress, cancellation);
        }

        using var session = ModelSession.Open(_model, new() { Threads = _threads, KeepMemory = false });
        return DetectionEvaluator.Evaluate(session, pictures, Classes.FromData.Length, loading, new() { Observer = observer }, progress, cancellation);
    }

    private BoxDetector OpenDetector()
    {
        var detector = new BoxDetector(ModelSession.Open(_model, new() { Threads = _threads, KeepMemory = false }), new()
        {
            ClassNames = _settings.Names,
            ImageSize = _settings.ImageSize,
            Mean = Three(_settings.Mean),
            Std = Three(_settings.Std),
            Boxes = _settings.Boxes,
            Scores = _settings.Scores,
            Labels = _settings.Labels,
            BoxFormat = _settings.BoxFormat,
            BoxUnit = _settings.BoxUnit,
            ScoreKind = _settings.ScoreKind,
            Suppression = Suppression,
        });
        try
        {
            var loader = new DetectionLoader(_sample, new() { ImageSize = _side, BatchSize = SampleBatch, Workers = 0, CacheBytes = 0, SkipBad = true });
            foreach (var batch in loader.Epoch(0).Take(SampleBatches))
            {
                detector.Settle(batch.Pixels.Span[..(batch.Count * 3 * batch.Size.Height * batch.Size.Width)], batch.Count, batch.Size);
            }
        }
        catch
        {
            detector.Dispose();
            throw;
        }

        return detector;
    }

    /// <summary>How pictures are normalised for it, where that is said; what is not said is the card's.</summary>
    private ImageInput? Input => _settings.Mean is null && _settings.Std is null ? null
        : new(3, _side, _side, Three(_settings.Mean) is { Length: > 0 } mean ? mean : Card?.Input.Mean ?? [0, 0, 0], Three(_settings.Std) is { Length: > 0 } std ? std : Card?.Input.Deviation ?? [1, 1, 1]);

    private ModelCard? Card => ModelCard.FromMetadata(new Dictionary<string, string>(Graph.Graph.Metadata, StringComparer.Ordinal));

    private static float[] Three(IReadOnlyList<double>? values) => values is null ? [] : [.. Enumerable.Range(0, 3).Select(i => (float)values[values.Count == 1 ? 0 : i])];

    private NonMaxSuppressionOptions Suppression => new() { Confidence = (float)_settings.Confidence };

    private static (DetectionHead? Head, string Otherwise) HeadOf(TapModel graph, int told, int side, bool sizesVary)
    {
        var student = new DetectionLossOptions { Classes = 1 };
        if (graph.Graph.Inputs is not [{ Shape: [var batch, _, var rows, var columns] }])
        {
            return (null, "takes other inputs than one of pictures");
        }

        if (graph.DeclaredBatch is { } fixedTo)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"is a file for batches of {fixedTo}"));
        }

        if (graph.Graph.Inputs[0].Type != ElementType.Float32)
        {
            return (null, $"takes pictures of {graph.Graph.Inputs[0].Type}");
        }

        if (told != side)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"is given pictures of {told} x {told}, and the student sees {side} x {side}"));
        }

        if (sizesVary && graph.HasFixedSize)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"is a file for pictures of {rows} x {columns} alone, and the student's sizes vary (multi-scale)"));
        }

        if (rows.Size != side || columns.Size != side)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"is a file for pictures of {rows} x {columns}, and the student sees {side} x {side}"));
        }

        return graph.Head is not { } head ? (null, "has no head of the student's kind (4 box sides as distributions, and classes, on each level)")
            : !head.Strides.SequenceEqual(student.Strides) ? (null, $"has maps of the strides {string.Join(", ", head.Strides)}, and the student's are {string.Join(", ", student.Strides)}")
            : head.Bins != student.RegMax ? (null, string.Create(CultureInfo.InvariantCulture, $"tells box sides by {head.Bins} distances, and the student by {student.RegMax}"))
            : (head, "");
    }
}
