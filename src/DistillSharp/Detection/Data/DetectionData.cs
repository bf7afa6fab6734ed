using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Detection.Data.Shapes;

namespace DistillSharp.Detection.Data;

/// <summary>Opens detection data sets.</summary>
public static class DetectionData
{
    /// <summary>Opens a set and checks its pictures and labels.</summary>
    /// <param name="pathOrKey">
    /// A data.yaml as Ultralytics has it, by path, or by name where it lies in <c>$DISTILLSHARP_DATA</c> or the user's data folder (<c>coco8.yaml</c>); a COCO file (.json); the folder
    /// of a Pascal VOC set, or one with a data.yaml in it; or <c>shapes</c>, the set that the library paints itself (<see cref="ShapesSet"/>), unless a file or folder of that name lies
    /// in the working folder. Say <c>./shapes</c> or <c>shapes.yaml</c> for files of your own.
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="DataException">The set cannot be used; the message names file and line, and says what to do.</exception>
    public static DetectionDataset Open(string pathOrKey, DetectionDataOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (DataPaths.IsPainted(pathOrKey, Environment.CurrentDirectory))
        {
            return ShapesSet.Open();
        }

        string path = DataPaths.Find(pathOrKey, options.Location);
        if (Directory.Exists(path))
        {
            return DataPaths.YamlIn(path) is { } yaml ? new YamlSet(DataYaml.Load(yaml), options, cancellation).Open()
                : VocSet.IsVoc(path) ? new VocSet(path, options, cancellation).Open()
                : throw new DataException(
                    $"'{path}' is no detection data set: it holds neither a data.yaml nor 'Annotations' with XML files (Pascal VOC). Give a data.yaml, a COCO file (.json) or a VOC folder.");
        }

        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => new CocoSet(path, options, cancellation).Open(),
            ".YAML" or ".YML" => new YamlSet(DataYaml.Load(path), options, cancellation).Open(),
            _ => throw new DataException($"'{path}' is no detection data set: give a data.yaml, a COCO file (.json) or the folder of a VOC set."),
        };
    }
}
