using DistillSharp.Detection.Data;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Detection.Data;

/// <summary>A detection set being written, to be opened or refused.</summary>
internal sealed class MadeUpSet : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public static string Row { get; } = "0 0.5 0.5 0.5 0.5";

    /// <summary>Writes a picture of 40x20 and, where wanted, its labels.</summary>
    public string Picture(string path, string? labels = null)
    {
        string full = Folder[path.Split('/')];
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        ImageFile.SavePng(new(1, 20, 40, new byte[800]), full);
        if (labels is not null)
        {
            Folder.Write(Path.ChangeExtension(path.Replace("images/", "labels/", StringComparison.Ordinal), ".txt"), labels);
        }

        return full;
    }

    /// <summary>Two pictures to train on and one to validate with, in the usual places.</summary>
    public MadeUpSet Usual()
    {
        Picture("images/train/a.png", Row);
        Picture("images/train/b.png");
        Picture("images/val/c.png", "1 0.5 0.5 0.25 0.25");
        return this;
    }

    public DetectionDataset Open(string yaml, DetectionDataOptions? options = null) => OpenFile(Folder.Write("data.yaml", yaml), options);

    public DetectionDataset OpenFile(string path, DetectionDataOptions? options = null) =>
        DetectionData.Open(path, (options ?? new()) with { UseCache = false, Location = new() { Root = Folder["elsewhere"], MayDownload = false } });

    public string Refused(string yaml) => Assert.Throws<DataException>(() => Open(yaml)).Message;

    public void Dispose() => Folder.Dispose();
}
