using System.Text.Json;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>COCO's annotations: one JSON file with pictures, categories and boxes (Lin et al., arXiv:1405.0312). Classes are numbered from 0 in the order of the categories' ids.</summary>
public sealed class CocoFile
{
    private const long MaxBytes = 1L << 30;
    private readonly Dictionary<long, CocoPicture> _byId;

    private CocoFile(string path, IReadOnlyList<string> classNames, Dictionary<long, CocoPicture> byId, IReadOnlyList<string> remarks)
    {
        (Path, ClassNames, _byId, Remarks) = (path, classNames, byId, remarks);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The categories' names.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The pictures' file names, relative to their folder, in ordinal order.</summary>
    public IReadOnlyList<string> FileNames => [.. _byId.Values.Select(picture => picture.FileName).Order(StringComparer.Ordinal)];

    /// <summary>What was left out: crowds, annotations without a box or a picture.</summary>
    public IReadOnlyList<string> Remarks { get; }

    internal IEnumerable<CocoPicture> Pictures => _byId.Values;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is no such file; the message names it and the line.</exception>
    public static CocoFile Load(string path)
    {
        byte[] bytes;
        try
        {
            long length = new FileInfo(path).Length;
            bytes = length <= MaxBytes ? File.ReadAllBytes(path) : throw new DataException($"{path}: {length:N0} bytes; an annotation file has at most {MaxBytes:N0}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {error.Message}", error);
        }

        try
        {
            return Build(path, CocoReader.Read(path, bytes));
        }
        catch (JsonException error)
        {
            throw new DataException($"{path}, line {(error.LineNumber ?? 0) + 1}: no JSON: {error.Message}", error);
        }
    }

    private static CocoFile Build(string path, CocoContent content)
    {
        if (content.Categories.Count == 0 || content.Images.Count == 0)
        {
            throw new DataException($"{path}: {content.Images.Count} images and {content.Categories.Count} categories; a COCO file has the lists 'images', 'annotations' and 'categories'.");
        }

        var classes = new Dictionary<long, int>();
        var names = new List<string>();
        foreach (var (id, name) in content.Categories.OrderBy(category => category.Id))
        {
            if (!classes.TryAdd(id, names.Count))
            {
                throw new DataException($"{path}: two categories have the id {id}.");
            }

            names.Add(name);
        }

        var byId = new Dictionary<long, CocoPicture>();
        foreach (var (id, picture) in content.Images)
        {
            if (!byId.TryAdd(id, picture))
            {
                throw new DataException($"{path}: two images have the id {id}.");
            }
        }

        int lost = 0;
        foreach (var annotation in content.Annotations)
        {
            if (!classes.TryGetValue(annotation.CategoryId, out int kind))
            {
                throw new DataException($"{path}, line {annotation.Line}: category_id {annotation.CategoryId} is none of the {names.Count} categories. Correct it, or add the category.");
            }

            if (byId.TryGetValue(annotation.ImageId, out var picture))
            {
                picture.Boxes.Add(new(kind, annotation.Box, $"{path}, line {annotation.Line}"));
            }
            else
            {
                lost++;
            }
        }

        string[] remarks =
        [
            .. content.Crowds > 0 ? [$"{path}: {content.Crowds:N0} crowds (iscrowd) left out"] : Array.Empty<string>(),
            .. content.WithoutBox > 0 ? [$"{path}: {content.WithoutBox:N0} annotations without a bbox left out"] : Array.Empty<string>(),
            .. lost > 0 ? [$"{path}: {lost:N0} annotations of images that the file does not list left out"] : Array.Empty<string>(),
        ];
        return new(path, names, byId, remarks);
    }
}

/// <summary>A picture of a COCO file.</summary>
/// <param name="FileName">Its name relative to the pictures' folder.</param>
/// <param name="Width">Its width; 0 where the file does not say.</param>
/// <param name="Height">Its height; 0 where the file does not say.</param>
internal sealed record CocoPicture(string FileName, int Width, int Height)
{
    /// <summary>Its boxes.</summary>
    public List<PixelBox> Boxes { get; } = [];
}
