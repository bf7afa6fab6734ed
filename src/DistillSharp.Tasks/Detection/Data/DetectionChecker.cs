using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Checks pictures and their boxes once, before anything is trained: what is broken is left out and said, what cannot be meant stops.</summary>
public sealed class DetectionChecker
{
    /// <summary>Pictures smaller than this on a side are left out, as Ultralytics does.</summary>
    public const int MinSide = 10;

    private const int MaxRemarks = 200, MaxNamed = 10;
    private readonly DetectionCheckerOptions _options;

    /// <summary>Creates a checker.</summary>
    /// <param name="options">Names, classes, cache.</param>
    public DetectionChecker(DetectionCheckerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Checks every picture.</summary>
    /// <param name="pictures">Their full paths, in the order wanted.</param>
    /// <param name="labels">How their boxes lie on disk.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="DataException">No picture is left, no picture has a box, or a box has a class that the set lacks; the message names file and line.</exception>
    public DetectionFiles Check(IReadOnlyList<string> pictures, PictureLabels labels, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(labels);
        if (pictures.Count == 0)
        {
            throw new DataException($"{_options.Name}: no pictures ({string.Join(", ", ImageFile.Extensions)}).");
        }

        var cache = _options.UseCache ? LabelCache.For(pictures, labels, _options) : null;
        var all = cache?.TryRead();
        if (all is null)
        {
            var found = new CheckedPicture[pictures.Count];
            Parallel.For(0, found.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = _options.Workers }, i => found[i] = Look(pictures[i], labels));
            all = found;
            cache?.TryWrite(found);
        }

        return Judge(all);
    }

    private CheckedPicture Look(string picture, PictureLabels labels)
    {
        try
        {
            var (width, height) = ImageFile.Probe(picture);
            if (width < MinSide || height < MinSide)
            {
                return Broken(picture, $"image size ({width}, {height}) <{MinSide} pixels");
            }

            ImageFile.CheckEnd(picture);
            return new(picture, width, height, labels.Read(picture, width, height, _options.ClassCount));
        }
        catch (DataException error)
        {
            return Broken(picture, error.Message);
        }
    }

    private static CheckedPicture Broken(string picture, string why) => new(picture, 0, 0, new([]) { Corrupt = why });

    private DetectionFiles Judge(IReadOnlyList<CheckedPicture> all)
    {
        string[] unknown = [.. all.SelectMany(picture => picture.Reading.UnknownClasses)];
        if (unknown.Length > 0)
        {
            throw new DataException(
                $"{_options.Name}: {unknown.Length:N0} boxes have a class that the set does not have:\n  {string.Join("\n  ", unknown.Take(MaxNamed))}"
                + (unknown.Length > MaxNamed ? $"\n  and {unknown.Length - MaxNamed:N0} more." : "") + "\nCorrect the label files, or add the classes to 'names'.");
        }

        CheckedPicture[] kept = [.. all.Where(picture => picture.Reading.Corrupt is null)];
        string[] corrupt = [.. all.Where(picture => picture.Reading.Corrupt is not null).Select(picture => $"{picture.Path}: ignoring corrupt image/label: {picture.Reading.Corrupt}")];
        if (kept.Length == 0)
        {
            throw new DataException($"{_options.Name}: all {all.Count:N0} pictures or their labels are corrupt:\n  {string.Join("\n  ", corrupt.Take(MaxNamed))}");
        }

        int missing = kept.Count(picture => picture.Reading.IsMissing), backgrounds = kept.Count(picture => picture.Reading.Labels.Count == 0);
        string[] notes = [.. corrupt, .. kept.SelectMany(picture => picture.Reading.Remarks)];
        if (backgrounds == kept.Length && !_options.AllowsNoBoxes)
        {
            throw new DataException(
                $"{_options.Name}: no labels found: none of {kept.Length:N0} pictures has a box ({missing:N0} have no label file). "
                + $"{_options.LabelHint}{(notes.Length > 0 ? $"\n  {string.Join("\n  ", notes.Take(MaxNamed))}" : "")}");
        }

        List<string> remarks = [.. notes.Take(MaxRemarks)];
        if (notes.Length > MaxRemarks)
        {
            remarks.Add($"{_options.Name}: and {notes.Length - MaxRemarks:N0} more like these.");
        }

        if (backgrounds > 0 || corrupt.Length > 0)
        {
            remarks.Add($"{_options.Name}: {kept.Length:N0} images, {backgrounds:N0} backgrounds, {corrupt.Length:N0} corrupt");
        }

        return new(kept, remarks);
    }
}
