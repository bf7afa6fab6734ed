using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection.Data;

/// <summary>Opens detection data sets.</summary>
public static class DetectionData
{
    /// <summary>Opens a set and checks its pictures and labels.</summary>
    /// <param name="pathOrKey">A data.yaml as Ultralytics has it, by path, or by name where it lies in <c>$DISTILLSHARP_DATA</c> or the user's data folder (<c>coco8.yaml</c>).</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="DataException">The set cannot be used; the message names file and line, and says what to do.</exception>
    public static DetectionDataset Open(string pathOrKey, DetectionDataOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        string path = DataPaths.Find(pathOrKey, options.Location);
        return new YamlSet(DataYaml.Load(path), options, cancellation).Open();
    }
}
