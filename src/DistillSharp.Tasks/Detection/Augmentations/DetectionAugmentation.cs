namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>
/// How training pictures are changed: mosaics of four (Bochkovskiy et al., arXiv:2004.10934), a random geometric change, mixing of two (Zhang et al., arXiv:1710.09412),
/// colours, flips. The names are Ultralytics' (<c>hsv_h</c> is <see cref="HsvH"/>), the defaults those published with YOLO11.
/// </summary>
public sealed record DetectionAugmentation
{
    private const int MostClosingEpochs = 10;

    /// <summary>Nothing is changed: every picture is letterboxed.</summary>
    public static DetectionAugmentation None { get; } = new() { HsvH = 0, HsvS = 0, HsvV = 0, Translate = 0, Scale = 0, FlipLr = 0, Mosaic = 0 };

    /// <summary>The hue is multiplied by 1 plus or minus up to this, 0 to 1. Default 0.015.</summary>
    public double HsvH { get; init => field = Share(value, nameof(HsvH)); } = 0.015;

    /// <summary>The saturation is multiplied by 1 plus or minus up to this, 0 to 1. Default 0.7.</summary>
    public double HsvS { get; init => field = Share(value, nameof(HsvS)); } = 0.7;

    /// <summary>The value (brightness) is multiplied by 1 plus or minus up to this, 0 to 1. Default 0.4.</summary>
    public double HsvV { get; init => field = Share(value, nameof(HsvV)); } = 0.4;

    /// <summary>The picture is turned by up to this many degrees either way, 0 to 180. Default 0.</summary>
    public double Degrees { get; init => field = Within(value, 180, nameof(Degrees)); }

    /// <summary>The picture is moved by up to this share of the input's side either way, 0 to 1. Default 0.1.</summary>
    public double Translate { get; init => field = Share(value, nameof(Translate)); } = 0.1;

    /// <summary>The picture is scaled by 1 plus or minus up to this, 0 to 0.95. Default 0.5.</summary>
    public double Scale { get; init => field = Within(value, 0.95, nameof(Scale)); } = 0.5;

    /// <summary>The picture is sheared by up to this many degrees on either axis, 0 to 80. Default 0.</summary>
    public double Shear { get; init => field = Within(value, 80, nameof(Shear)); }

    /// <summary>The vanishing of parallels: up to this either way per pixel, 0 to 0.001. Default 0.</summary>
    public double Perspective { get; init => field = Within(value, 0.001, nameof(Perspective)); }

    /// <summary>The probability that the picture is turned upside down, 0 to 1. Default 0.</summary>
    public double FlipUd { get; init => field = Share(value, nameof(FlipUd)); }

    /// <summary>The probability that the picture is mirrored, 0 to 1. Default 0.5.</summary>
    public double FlipLr { get; init => field = Share(value, nameof(FlipLr)); } = 0.5;

    /// <summary>The probability that a picture is put together with three others, 0 to 1. Default 1.</summary>
    public double Mosaic { get; init => field = Share(value, nameof(Mosaic)); } = 1;

    /// <summary>The probability that a picture is laid over another, 0 to 1; the weight is drawn from Beta(32, 32). Default 0.</summary>
    public double MixUp { get; init => field = Share(value, nameof(MixUp)); }

    /// <summary>
    /// The number of epochs at the end without mosaic and mixing, 0 or more: the model ends on images as they are. Null (default): a third of the epochs, rounded down, at most 10. The
    /// trainer makes <see cref="Data.DetectionLoaderOptions.CloseMosaicFromEpoch"/> of it.
    /// </summary>
    public int? CloseMosaic
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(CloseMosaic), value, "The number of last epochs without mosaic must be 0 or more.");
    }

    /// <summary>The number of epochs at the end of a run without mosaic and mixing.</summary>
    /// <param name="epochs">The epochs of the run, 1 or more.</param>
    public int ClosingEpochs(int epochs) => CloseMosaic ?? Math.Min(MostClosingEpochs, epochs / 3);

    private static double Share(double value, string name) => Within(value, 1, name);

    private static double Within(double value, double most, string name) =>
        value >= 0 && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"It must be from 0 to {most}.");
}
