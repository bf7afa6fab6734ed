using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>The pictures of a folder and the folders below it, without labels: what a teacher alone can teach from. They are fitted to one size.</summary>
public sealed class UnlabelledPictures : ISampleSource
{
    private readonly string[] _files;
    private readonly ImageInput _input;

    /// <summary>Finds the pictures.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">The size and channels they are fitted to.</param>
    /// <exception cref="DataException">The folder is absent, or holds no picture.</exception>
    public UnlabelledPictures(string folder, ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(input);
        if (!Directory.Exists(folder))
        {
            throw new DataException($"The folder of unlabelled pictures '{folder}' does not exist.");
        }

        _input = input;
        _files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        if (_files.Length == 0)
        {
            throw new DataException($"The folder of unlabelled pictures '{folder}' holds no picture ({string.Join(", ", ImageFile.Extensions)}).");
        }
    }

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public int LabelOf(int index) => -1;

    /// <inheritdoc/>
    public string Describe(int index) => _files[index];

    /// <inheritdoc/>
    public ImageSample Read(int index) => new(ImageResizer.Fit(ImageFile.Load(_files[index]), _input.Channels, _input.Height, _input.Width), -1);
}
