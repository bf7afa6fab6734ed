using DistillSharp.Tasks.Detection.Augmentations;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>The options of <see cref="DetectionLoader"/>.</summary>
public sealed record DetectionLoaderOptions
{
    /// <summary>The side of the model's square input, pixels: a multiple of 32, at least 32. Pictures are scaled so that their longer side is this. Default 640.</summary>
    public int ImageSize
    {
        get;
        init => field = value is >= 32 and <= 8192 && value % 32 == 0 ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The image size must be a multiple of 32 from 32 to 8192.");
    } = 640;

    /// <summary>Pictures in a batch, 1 or more. Default 16.</summary>
    public int BatchSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "The batch size must be 1 or more.");
    } = 16;

    /// <summary>Threads that decode and augment, 0 (the caller's own) or more. It changes the speed, never the batches. Default 1.</summary>
    public int Workers
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be 0 or more.");
    } = 1;

    /// <summary>Whether every epoch draws a new order; with <see cref="Rectangular"/> only the batches change places. Default false.</summary>
    public bool Shuffle { get; init; }

    /// <summary>
    /// Whether no batch may hold a single picture, where batches hold more: a last batch of one joins the batch before it, and a batch of which one picture can be read
    /// is left out. Default false.
    /// </summary>
    public bool AvoidSingle { get; init; }

    /// <summary>The seed of order and augmentation. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Whether pictures of like shape share a batch, whose input is as small a rectangle as holds them, with sides that are multiples of <see cref="Stride"/>: how Ultralytics validates.
    /// Default false: every input is square.
    /// </summary>
    public bool Rectangular { get; init; }

    /// <summary>What the sides of rectangular inputs are multiples of, 1 or more. Default 32.</summary>
    public int Stride
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Stride), value, "The stride must be 1 or more; 32 for YOLO11.");
    } = 32;

    /// <summary>The border that rectangular inputs get, in strides, 0 or more. Default 0.5, as Ultralytics validates.</summary>
    public double Pad
    {
        get;
        init => field = value is >= 0 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(Pad), value, "The border must be from 0 to 8 strides.");
    } = 0.5;

    /// <summary>Bytes of decoded pictures, scaled to <see cref="ImageSize"/>, that are kept in memory, 0 or more; a picture of 640 pixels takes about 1 MB. It changes the speed, never the batches. Default 1 GiB.</summary>
    public long CacheBytes
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(CacheBytes), value, "The picture cache must be 0 bytes or more.");
    } = 1L << 30;

    /// <summary>How pictures are changed for training, or null for letterboxed pictures as they are. Default null.</summary>
    public DetectionAugmentation? Augmentation { get; init; }

    /// <summary>The 0-based epoch from which on there is no mosaic and no mixing, 0 or more; null for never. Default null.</summary>
    public int? CloseMosaicFromEpoch
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(CloseMosaicFromEpoch), value, "The epoch that closes the mosaic must be 0 or more.");
    }

    /// <summary>Whether pictures that cannot be read are left out (and counted) instead of stopping the run. Default false.</summary>
    public bool SkipBad { get; init; }
}
