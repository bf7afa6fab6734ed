using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Pictures scaled so that their longer side is the input's; those used last stay in memory, up to a number of bytes. Safe from several threads at once.</summary>
/// <param name="source">The pictures.</param>
/// <param name="side">The longer side, pixels.</param>
/// <param name="budget">Bytes to keep.</param>
internal sealed class PictureStore(IDetectionSource source, int side, long budget)
{
    private readonly Dictionary<int, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _held;

    /// <summary>A picture, and its size before it was scaled.</summary>
    /// <param name="index">Its position in the source.</param>
    /// <param name="resizer">The calling thread's own.</param>
    public ScaledPicture Get(int index, LinearResizer resizer)
    {
        Lazy<ScaledPicture> picture;
        LinkedListNode<Entry>? node;
        lock (_byUse)
        {
            if (_entries.TryGetValue(index, out node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
            }
            else
            {
                node = Add(index, resizer);
            }

            picture = node.Value.Picture;
        }

        var found = picture.Value;
        Count(node, found.Image.Pixels.LongLength);
        return found;
    }

    /// <summary>The size that a picture is scaled to, as Ultralytics rounds it.</summary>
    public static (int Width, int Height) Scaled(int width, int height, int side)
    {
        double ratio = (double)side / Math.Max(width, height);
        return (Math.Min((int)Math.Ceiling(width * ratio), side), Math.Min((int)Math.Ceiling(height * ratio), side));
    }

    /// <summary>Notes that a picture is being read: another thread that wants it meanwhile waits for this one.</summary>
    private LinkedListNode<Entry> Add(int index, LinearResizer resizer)
    {
        var node = _byUse.AddLast(new Entry(index, new(() => Load(index, resizer))));
        _entries.Add(index, node);
        return node;
    }

    private ScaledPicture Load(int index, LinearResizer resizer)
    {
        var image = source.Read(index);
        var (width, height) = Scaled(image.Width, image.Height, side);
        return new(resizer.Resize(image, height, width), image.Width, image.Height);
    }

    private void Count(LinkedListNode<Entry> node, long bytes)
    {
        lock (_byUse)
        {
            if (node.List is not null && node.Value.Bytes == 0)
            {
                node.Value.Bytes = bytes;
                _held += bytes;
            }

            while (_held > budget && _byUse.First is { } oldest)
            {
                _byUse.RemoveFirst();
                _entries.Remove(oldest.Value.Index);
                _held -= oldest.Value.Bytes;
            }
        }
    }

    private sealed class Entry(int index, Lazy<ScaledPicture> picture)
    {
        public int Index { get; } = index;

        public Lazy<ScaledPicture> Picture { get; } = picture;

        /// <summary>0 until it is decoded.</summary>
        public long Bytes { get; set; }
    }
}

/// <summary>A picture at the input's scale.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="SourceWidth">The width it was scaled from.</param>
/// <param name="SourceHeight">The height it was scaled from.</param>
internal readonly record struct ScaledPicture(PixelImage Image, int SourceWidth, int SourceHeight);
