using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;

namespace DistillSharp.Cli.Commands;

/// <summary>Understands <c>--data</c>: a key, a folder of pictures, or a recipe whose data is meant.</summary>
internal static class DataChoice
{
    public static (PluginChoice<DatasetFormat> Set, string? Root) Of(string data, string? root, int imageSize)
    {
        if (root is not null && !Directory.Exists(root))
        {
            throw new ArgumentException($"The folder '{root}' (--data-root) does not exist.");
        }

        root = root is null ? null : Path.GetFullPath(root);
        var pictures = new ImageFolderOptions { Size = imageSize };
        if (PluginCatalogs.BuiltIn.Datasets.All.Any(plugin => plugin.Key == data))
        {
            return (new(data, data == "image-folder" ? pictures : null), root);
        }

        if (Directory.Exists(data))
        {
            return (new("image-folder", pictures), Path.GetFullPath(data));
        }

        if (data.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || data.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
        {
            var settings = RecipeReader.Load(data).Data;
            return (settings.Set, root ?? settings.Root);
        }

        throw data.Contains('/', StringComparison.Ordinal) || data.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? new ArgumentException($"The folder '{data}' (--data) does not exist.")
            : new UnknownPluginException("data set", data, [.. PluginCatalogs.BuiltIn.Datasets.All.Select(plugin => plugin.Key)]);
    }

    public static ImageDataset Open(string data, string? root, int imageSize, bool download, CancellationToken cancellation)
    {
        var (set, folder) = Of(data, root, imageSize);
        return Views.WorkView.Downloads("opening the data", progress => PluginCatalogs.BuiltIn.Datasets.Create(set).Open(new() { Root = folder, MayDownload = download, Progress = progress }, cancellation));
    }
}
