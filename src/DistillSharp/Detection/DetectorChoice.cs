using DistillSharp.Graph.Zoo;

namespace DistillSharp.Detection;

/// <summary>A detector that is chosen: a file (<c>yolo11n.pt</c>, <c>best.onnx</c>), or a key of the zoo, whose weights are fresh.</summary>
/// <param name="Name">The file, or the key: <c>yolo11n</c>.</param>
/// <param name="Options">The key's options, or null for the defaults. Classes and size come from the data and the training.</param>
public sealed record DetectorChoice(string Name, ModelOptions? Options = null)
{
    private static readonly string[] s_files = [".pt", ".pth", ".safetensors", ".onnx"];

    /// <summary>Whether it is a file.</summary>
    public bool IsFile => s_files.Contains(Path.GetExtension(Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>A detector without options.</summary>
    /// <param name="name">The file, or the key.</param>
    public static implicit operator DetectorChoice(string name) => new(name);

    /// <summary>A detector without options.</summary>
    /// <param name="name">The file, or the key.</param>
    public static DetectorChoice ToDetectorChoice(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => IsFile ? Path.GetFileName(Name) : Name;
}
