using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>PyTorch's names of element types.</summary>
internal static class TorchTypes
{
    /// <summary>The element type of a storage's class; null if it is none that is read.</summary>
    public static ElementType? OfStorage(PickleGlobal name) => name.FullName switch
    {
        "torch.DoubleStorage" => ElementType.Float64,
        "torch.FloatStorage" => ElementType.Float32,
        "torch.HalfStorage" => ElementType.Float16,
        "torch.BFloat16Storage" => ElementType.BFloat16,
        "torch.LongStorage" => ElementType.Int64,
        "torch.IntStorage" => ElementType.Int32,
        "torch.ShortStorage" => ElementType.Int16,
        "torch.CharStorage" => ElementType.Int8,
        "torch.ByteStorage" => ElementType.UInt8,
        "torch.BoolStorage" => ElementType.Bool,
        _ => null,
    };

    /// <summary>Whether a storage's class has no element type of its own.</summary>
    public static bool IsUntyped(PickleGlobal name) => name.FullName is "torch.storage.UntypedStorage" or "torch.UntypedStorage";

    /// <summary>The element type of a <c>torch.dtype</c>; null if it is none that is read.</summary>
    public static ElementType? OfDtype(PickleGlobal name) => name.FullName switch
    {
        "torch.float64" or "torch.double" => ElementType.Float64,
        "torch.float32" or "torch.float" => ElementType.Float32,
        "torch.float16" or "torch.half" => ElementType.Float16,
        "torch.bfloat16" => ElementType.BFloat16,
        "torch.int64" or "torch.long" => ElementType.Int64,
        "torch.int32" or "torch.int" => ElementType.Int32,
        "torch.int16" or "torch.short" => ElementType.Int16,
        "torch.int8" => ElementType.Int8,
        "torch.uint8" => ElementType.UInt8,
        "torch.uint16" => ElementType.UInt16,
        "torch.uint32" => ElementType.UInt32,
        "torch.uint64" => ElementType.UInt64,
        "torch.bool" => ElementType.Bool,
        _ => null,
    };
}
