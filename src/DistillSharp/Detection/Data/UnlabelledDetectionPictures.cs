using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection.Data;

/// <summary>
/// The pictures of a folder and the folders below it, or of a list file, without boxes: what a teacher alone can teach from, and what can be calibrated on. They come in ordinal order.
/// Headers are looked at when it is opened; pictures that are broken are left out and told in <see cref="Remarks"/>.
/// </summary>
public sealed class UnlabelledDetectionPictures : IDetectionSource
{
    private readonly DetectionFiles _files;

    /// <summary>Finds the pictures.</summary>
    /// <param name="path">A folder, or a list file (.txt) with a path a line, relative to the list.</param>
    /// <param name="workers">Threads that look at headers, 1 or more; null for the number of processors.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DataException">It is absent, holds no picture, or all its pictures are broken.</exception>
    public UnlabelledDetectionPictures(string path, int? workers = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.GetFullPath(path), read = string.Join(", ", ImageFile.Extensions);
        if (!Path.Exists(full))
        {
            throw new DataException($"The pictures without labels '{full}' do not exist. Give a folder of pictures ({read}; folders below it count) or a list file (.txt) with a path a line; names are case-sensitive.");
        }

        var listing = new PictureListing();
        listing.Add(full, Path.GetDirectoryName(full) ?? full);
        if (listing.Pictures.Count == 0)
        {
            throw new DataException(
                $"'{full}' holds no picture to learn from without labels: no file there or in a folder below ends in {read}. Put pictures into it, or give another folder or a list file (.txt)."
                + string.Concat(listing.Remarks.Take(10).Select(remark => $"\n  {remark}")));
        }

        _files = new DetectionChecker(new() { Name = full, ClassCount = 1, AllowsNoBoxes = true, UseCache = false, Workers = workers ?? Environment.ProcessorCount })
            .Check(listing.Pictures, new NoLabels(), cancellation)
            .WithRemarks(listing.Remarks);
    }

    /// <inheritdoc/>
    public int Count => _files.Count;

    /// <summary>What was left out, one line each: file, reason.</summary>
    public IReadOnlyList<string> Remarks => _files.Remarks;

    /// <inheritdoc/>
    public string Describe(int index) => _files.Describe(index);

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => _files.SizeOf(index);

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) => _files.LabelsOf(index);

    /// <inheritdoc/>
    public PixelImage Read(int index) => _files.Read(index);
}
