using DistillSharp.Detection.Data;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Export;
using DistillSharp.Detection.Training;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Native;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection;

/// <summary>
/// A YOLO11 detector: load, train, validate, predict, export, as in the Python that its users know. It holds the latest model: after <see cref="Train"/> the best epoch's.
/// </summary>
/// <example>
/// <code>
/// using var model = Yolo.Load("yolo11n.pt");
/// var run = model.Train("coco8.yaml", new() { Epochs = 5, ImageSize = 640 });
/// var score = model.Validate("coco8.yaml");
/// foreach (var found in model.Predict("bus.jpg"))
/// {
///     Console.WriteLine($"{model.Names[found.ClassIndex]} {found.Confidence:P0} {found.Box}");
/// }
/// </code>
/// </example>
public sealed class Yolo : IDisposable
{
    private string _source;
    private byte[]? _model;
    private IReadOnlyList<string>? _names;
    private DetectionPredictor? _predictor;

    private Yolo(string source) => _source = source;

    /// <summary>The classes' names, by 0-based class; none where the model does not name them.</summary>
    public IReadOnlyList<string> Names => _names ??= ModelCard.FromMetadata(new Dictionary<string, string>(OnnxFile.Load(Model).Metadata, StringComparer.Ordinal))?.ClassNames ?? [];

    /// <summary>The model as an ONNX file.</summary>
    public ReadOnlyMemory<byte> Model => _model ??= TrainableDetector.File(_source);

    /// <summary>Loads a model.</summary>
    /// <param name="model">A checkpoint (<c>yolo11n.pt</c>, <c>.safetensors</c>), an ONNX file, or a key of the zoo (<c>yolo11n</c>) for fresh weights.</param>
    /// <exception cref="DllNotFoundException">A native library is missing or does not fit; the message names every package to add.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist; weights are not downloaded.</exception>
    /// <exception cref="GraphException">The file is damaged, or holds no YOLO11 detector.</exception>
    public static Yolo Load(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        NativeLibraries.EnsureForDetector();
        var loaded = new Yolo(model);
        _ = loaded.Model;
        return loaded;
    }

    /// <summary>Trains the model; from here on it is the best epoch's.</summary>
    /// <param name="data">The data: a data.yaml, a COCO json, a VOC folder, or the name of a known set (<c>coco8.yaml</c>).</param>
    /// <param name="training">How; null for the published recipe.</param>
    /// <param name="run">Where it writes, and who watches; null for <c>runs/detect/train</c>.</param>
    /// <param name="cancellation">Stops after the step that is running; the folder can be resumed.</param>
    /// <returns>The curve, the score, and the folder.</returns>
    public DetectionRun Train(string data, DetectionTrainingOptions? training = null, DetectionRunOptions? run = null, CancellationToken cancellation = default)
    {
        var result = DetectionTraining.Run(new() { Model = _source, Data = data, Training = training ?? new() }, run, cancellation);
        Forget();
        _source = result.BestPath;
        return result;
    }

    /// <summary>Trains the model under a teacher's guidance, and once more alone to tell the teacher's part; from here on it is the distilled student.</summary>
    /// <param name="data">The data, as for <see cref="Train"/>.</param>
    /// <param name="teacher">A checkpoint (<c>yolo11l.pt</c>), any ONNX detector, or a key of the zoo that is trained first.</param>
    /// <param name="training">How; null for the published recipe.</param>
    /// <param name="run">Where it writes, and who watches; null for <c>runs/detect/distil</c>.</param>
    /// <param name="cancellation">Stops after the step that is running; the folder can be resumed.</param>
    /// <returns>The report, and the folder.</returns>
    public DetectorDistillation Distil(string data, DetectorChoice teacher, DetectionTrainingOptions? training = null, DetectionRunOptions? run = null, CancellationToken cancellation = default)
    {
        var result = DetectorDistiller.Run(new() { Name = "distil", Model = _source, Data = data, Teacher = [new() { Model = teacher }], Training = training ?? new() }, run, cancellation);
        Forget();
        _source = result.StudentPath;
        return result;
    }

    /// <summary>Scores the model on a set's validation pictures. Its classes are matched with the data's by name.</summary>
    /// <param name="data">The data, as for <see cref="Train"/>.</param>
    /// <param name="imageSize">The side that pictures are scaled to, a multiple of 32.</param>
    /// <param name="batch">Pictures in a batch.</param>
    /// <param name="cancellation">Stops the run.</param>
    public DetectionEvaluation Validate(string data, int imageSize = 640, int batch = 16, CancellationToken cancellation = default)
    {
        var set = DetectionData.Open(data, cancellation: cancellation);
        using var session = ModelSession.Open(Model.ToArray());
        var classes = ClassMapping.Of(ClassOrder.Of(session.Card?.ClassNames, set.ClassNames, $"'{Path.GetFileName(_source)}'"));
        return DetectionEvaluator.Evaluate(session, set.Validation, set.ClassNames.Count, new DetectionLoaderOptions { ImageSize = imageSize, BatchSize = batch, CacheBytes = 0 }, new() { Classes = classes }, cancellation: cancellation);
    }

    /// <summary>Finds boxes in a picture file.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>The boxes in the picture's pixels, by falling confidence.</returns>
    public IReadOnlyList<DetectedBox> Predict(string picture) => Predict(ImageFile.Load(picture));

    /// <summary>Finds boxes in a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>The boxes in the picture's pixels, by falling confidence.</returns>
    public IReadOnlyList<DetectedBox> Predict(PixelImage picture) => (_predictor ??= new(ModelSession.Open(Model.ToArray()))).Predict(picture);

    /// <summary>Writes the model as the ONNX file that tools for YOLO take.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Size, precision, and whether boxes are chosen inside; null for one picture of the card's size.</param>
    /// <param name="cancellation">Stops a calibration.</param>
    /// <returns>What was done, and how much the answers changed.</returns>
    public DetectorExportResult Export(string path, DetectorExportOptions? options = null, CancellationToken cancellation = default)
    {
        var graph = OnnxFile.Load(Model);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal)) ?? throw new GraphException($"'{_source}' carries no card, so its classes are unknown.");
        var result = DetectorExport.Run(new(_source, graph, card, []), options ?? new(), cancellation: cancellation);
        OnnxFile.Save(result.Graph, path);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private void Forget()
    {
        _predictor?.Dispose();
        (_predictor, _model, _names) = (null, null, null);
    }
}
