using System.Globalization;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary>Draws the first batches of a validation: what is there, and what was found.</summary>
/// <param name="folder">The folder; it is made.</param>
/// <param name="nameOf">The name of a 0-based class.</param>
internal sealed class BatchSheets(string folder, Func<int, string> nameOf) : DetectionObserver
{
    private const int Most = 3;
    private int _batches;

    public string Folder => folder;

    public Func<int, string> NameOf => nameOf;

    public override void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found)
    {
        if (_batches >= Most)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"val_batch{_batches++}");
        ImageFile.SavePng(ContactSheet.OfTruths(batch, nameOf), Path.Combine(folder, $"{name}_labels.png"));
        ImageFile.SavePng(ContactSheet.OfFound(batch, found, nameOf), Path.Combine(folder, $"{name}_pred.png"));
    }
}
