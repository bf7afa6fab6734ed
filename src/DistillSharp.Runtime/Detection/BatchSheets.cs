using System.Globalization;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Detection;

/// <summary>Draws the first batches of a validation: what is there, and what was found.</summary>
/// <param name="folder">The folder; it is made.</param>
/// <param name="nameOf">The name of a 0-based class.</param>
public sealed class BatchSheets(string folder, Func<int, string> nameOf) : DetectionObserver
{
    private const int Most = 3;
    private int _batches;

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The name of a 0-based class.</summary>
    public Func<int, string> NameOf => nameOf;

    /// <inheritdoc/>
    public override void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found)
    {
        if (_batches >= Most)
        {
            return;
        }

        ArgumentNullException.ThrowIfNull(batch);
        Directory.CreateDirectory(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"val_batch{_batches++}");
        ImageFile.SavePng(ContactSheet.OfTruths(batch, nameOf), Path.Combine(folder, $"{name}_labels.png"));
        ImageFile.SavePng(ContactSheet.OfFound(batch, found, nameOf), Path.Combine(folder, $"{name}_pred.png"));
    }
}
