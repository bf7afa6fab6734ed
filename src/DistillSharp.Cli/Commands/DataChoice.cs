using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;

namespace DistillSharp.Cli.Commands;

/// <summary>Understands <c>--data</c>: a key, or a folder of pictures.</summary>
internal static class DataChoice
{
    public static (PluginChoice<DatasetFormat> Set, string? Root) Of(string data, string? root, int imageSize)
    {
        bool folder = Directory.Exists(data) && PluginCatalogs.BuiltIn.Datasets.All.All(plugin => plugin.Key != data);
        return folder ? (new("image-folder", new ImageFolderOptions { Size = imageSize }), data)
            : data == "image-folder" ? (new(data, new ImageFolderOptions { Size = imageSize }), root)
            : (new(data), root);
    }

    public static ImageDataset Open(string data, string? root, int imageSize, bool download, CancellationToken cancellation)
    {
        var (set, folder) = Of(data, root, imageSize);
        return PluginCatalogs.BuiltIn.Datasets.Create(set).Open(new() { Root = folder, MayDownload = download, Progress = new Views.DownloadView() }, cancellation);
    }
}
