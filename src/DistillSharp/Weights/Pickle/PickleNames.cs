using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace DistillSharp.Weights.Pickle;

/// <summary>
/// The names a pickle may mention. All stay text; still, a name that weights have no use for (<c>os.system</c>) means that the file was made
/// to run something, or holds something that is not understood, and is refused.
/// </summary>
internal static partial class PickleNames
{
    /// <summary>Packages whose classes occur inside saved models and optimisers.</summary>
    private static readonly string[] s_packages = ["ultralytics", "torch.nn", "torch.optim", "torchvision.models", "torchvision.ops"];

    private static readonly FrozenSet<string> s_names = new[]
    {
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "collections.deque",
        "builtins.set", "builtins.frozenset", "builtins.dict", "builtins.list", "builtins.tuple", "builtins.int", "builtins.float", "builtins.str", "builtins.bool",
        "builtins.bytes", "builtins.bytearray", "builtins.complex", "builtins.object", "builtins.slice", "builtins.range",
        "torch.Size", "torch.device", "torch.Tensor", "torch.nn.Parameter", "torch._tensor._rebuild_from_type_v2",
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
        "torch.storage.UntypedStorage", "torch.UntypedStorage", "torch.float", "torch.double", "torch.half", "torch.bfloat16", "torch.float16", "torch.float32", "torch.float64",
        "torch.uint8", "torch.int8", "torch.int16", "torch.int32", "torch.int64", "torch.uint16", "torch.uint32", "torch.uint64", "torch.bool", "torch.long", "torch.int", "torch.short",
        "torch.DoubleStorage", "torch.FloatStorage", "torch.HalfStorage", "torch.BFloat16Storage", "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage",
        "torch.ByteStorage", "torch.BoolStorage",
        "torch.memory_format", "torch.contiguous_format", "torch.channels_last", "torch.strided", "torch.serialization._get_layout",
        "_codecs.encode", "copyreg._reconstructor", "copyreg.__newobj__",
        "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
        "numpy.float64", "numpy.float32", "numpy.float16", "numpy.int64", "numpy.int32", "numpy.bool_",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
        "pathlib._local.Path", "pathlib._local.PosixPath", "pathlib._local.WindowsPath", "pathlib._local.PurePosixPath", "pathlib._local.PureWindowsPath",
        "types.SimpleNamespace", "argparse.Namespace", "datetime.datetime", "datetime.date", "datetime.timedelta", "datetime.timezone",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name under Python 3, which renamed two modules that protocol 2 still writes the old way.</summary>
    public static PickleGlobal Modern(string module, string name) => new(module switch { "__builtin__" => "builtins", "copy_reg" => "copyreg", _ => module }, name);

    /// <summary>Whether a name may stand in a pickle.</summary>
    public static bool Allows(PickleGlobal name) =>
        s_names.Contains(name.FullName)
        || (Identifier().IsMatch(name.Name) && DottedIdentifier().IsMatch(name.Module)
            && s_packages.Any(package => name.Module == package || (name.Module.StartsWith(package, StringComparison.Ordinal) && name.Module[package.Length] == '.')));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\z")]
    private static partial Regex DottedIdentifier();
}
