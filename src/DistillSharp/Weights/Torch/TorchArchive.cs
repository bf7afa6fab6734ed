using System.Text;
using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>A file of <c>torch.save</c>: a zip of one pickle and the bytes of its tensors.</summary>
internal sealed class TorchArchive
{
    /// <summary>A pickle names tensors, it does not hold them: 116 kB for the 499 of YOLO11n.</summary>
    private const long LongestPickle = 16 << 20;

    private const string PickleName = "data.pkl";

    private readonly ZipFileReader _zip;
    private readonly string _path, _prefix;

    private TorchArchive(ZipFileReader zip, string path, string prefix)
    {
        (_zip, _path, _prefix) = (zip, path, prefix);
        IsBigEndian = zip.Entries.TryGetValue(prefix + "byteorder", out var order) && Text(order) switch
        {
            "little" => false,
            "big" => true,
            var other => throw new GraphException($"'{path}' cannot be read: its byte order is '{other}'; 'little' or 'big' is expected."),
        };
    }

    /// <summary>Whether numbers lie with their highest byte first.</summary>
    public bool IsBigEndian { get; }

    /// <summary>The file's bytes.</summary>
    public long Length => _zip.Length;

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file; it stays open.</param>
    /// <param name="path">What messages call it.</param>
    public static TorchArchive Open(Stream file, string path)
    {
        OldTorchFile.Refuse(file, path);
        var zip = new ZipFileReader(file, path);
        string[] pickles = [.. zip.Entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles.Length != 1)
        {
            throw new GraphException($"'{path}' is no checkpoint of PyTorch: it is a zip file with {pickles.Length} entries called '{PickleName}' instead of one.");
        }

        string prefix = pickles[0][..^PickleName.Length];
        return !zip.Entries.ContainsKey(prefix + "constants.pkl") ? new(zip, path, prefix)
            : throw new GraphException($"'{path}' holds a TorchScript program, which only PyTorch can run. Save the weights alone, in Python: torch.save(torch.jit.load(\"{Path.GetFileName(path)}\").state_dict(), \"weights.pt\").");
    }

    /// <summary>The value of the pickle; its tensors are not read yet.</summary>
    public object? Load()
    {
        var entry = _zip.Entries[_prefix + PickleName];
        if (entry.Size > LongestPickle)
        {
            throw new GraphException($"'{_path}' cannot be read: its pickle has {entry.Size} bytes; {LongestPickle} are the most that are read.");
        }

        byte[] bytes = new byte[entry.Size];
        _zip.Read(entry, 0, bytes);
        var cursor = new PickleCursor(bytes, _path);
        return new Unpickler(cursor, new TorchCalls(cursor)).Load();
    }

    /// <summary>Reads a piece of a storage.</summary>
    /// <param name="key">The storage's key.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="target">Filled whole.</param>
    public void Read(string key, long offset, Span<byte> target) => _zip.Read(Storage(key), offset, target);

    /// <summary>Refuses a storage that has fewer bytes than the pickle says.</summary>
    /// <param name="key">The storage's key.</param>
    /// <param name="length">The bytes it must have.</param>
    public void Require(string key, long length)
    {
        if (Storage(key) is var entry && entry.Size < length)
        {
            throw new GraphException($"'{_path}' cannot be read: its storage '{entry.Name}' has {entry.Size} bytes, but its tensors need {length}.");
        }
    }

    private ZipEntry Storage(string key) => _zip.Entries.TryGetValue($"{_prefix}data/{key}", out var entry) ? entry
        : throw new GraphException($"'{_path}' cannot be read: a tensor lies in '{_prefix}data/{(key.Length > 100 ? key[..100] : key)}', which the file does not hold.");

    private string Text(ZipEntry entry)
    {
        byte[] bytes = new byte[Math.Min(entry.Size, 16)];
        _zip.Read(entry, 0, bytes);
        return Encoding.ASCII.GetString(bytes).Trim();
    }
}
