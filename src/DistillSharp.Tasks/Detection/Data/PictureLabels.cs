namespace DistillSharp.Tasks.Detection.Data;

/// <summary>A way in which the true boxes of pictures lie on disk.</summary>
public abstract class PictureLabels
{
    /// <summary>The file that holds a picture's boxes and may lack, or null where they are not in a file of their own.</summary>
    /// <param name="picture">The picture's path.</param>
    public abstract string? FileOf(string picture);

    /// <summary>Where a cache of the checked labels goes, beside them; without an ending.</summary>
    /// <param name="picture">The first picture's path.</param>
    public abstract string CacheStem(string picture);

    /// <summary>What else a cached result hangs on, beside the files' names, lengths and times.</summary>
    public virtual string CacheKey => "";

    /// <summary>Reads and checks a picture's boxes.</summary>
    /// <param name="picture">The picture's path.</param>
    /// <param name="width">Its width, the right way up.</param>
    /// <param name="height">Its height, the right way up.</param>
    /// <param name="classCount">The number of classes.</param>
    public abstract LabelReading Read(string picture, int width, int height, int classCount);
}
