using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Export;

/// <summary>What file is made of a detector.</summary>
public sealed record DetectorExportOptions
{
    /// <summary>Rows and columns of the pictures, each a multiple of the detector's stride. Default null: what the model says.</summary>
    public (int Height, int Width)? Size
    {
        get;
        init => field = value is null or { Height: >= 1 and <= 65_536, Width: >= 1 and <= 65_536 } ? value : throw new ArgumentOutOfRangeException(nameof(Size), value, "The pictures' sides must be from 1 to 65,536 pixels.");
    }

    /// <summary>The pictures of a batch, 1 or more. Default null: what the file says, or 1.</summary>
    public int? Batch
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "The batch must be 1 or more.");
    }

    /// <summary>Whether batch and size stay free. Default false: a file for one size holds less and runs faster.</summary>
    public bool Dynamic { get; init; }

    /// <summary>The non-maximum suppression that goes into the file. Default null: none, as .NET consumers of YOLO files expect.</summary>
    public SuppressBoxesOptions? Suppression { get; init; }

    /// <summary>Whether weights are float16. What decodes boxes, inputs and outputs stay float32. Default false.</summary>
    public bool Half { get; init; }

    /// <summary>How weights and activations become INT8. What decodes boxes stays in float. Default null: they do not.</summary>
    public StaticQuantizationOptions? Quantization { get; init; }

    /// <summary>The training pictures that INT8 is calibrated on. Needed for it. Default null.</summary>
    public IDetectionSource? Calibration { get; init; }

    /// <summary>How many pictures INT8 is calibrated on, 1 or more; 100 to 500 in practice. Default 300.</summary>
    public int CalibrationPictures
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(CalibrationPictures), value, "There must be at least 1 picture to calibrate on.");
    } = 300;

    /// <summary>What the calibration's pictures are drawn by. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The operator set of the file, up to 21. Default null: the model's own, or the least that is needed.</summary>
    public int? Opset { get; init; }
}
