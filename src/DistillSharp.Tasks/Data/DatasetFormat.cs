namespace DistillSharp.Tasks.Data;

/// <summary>A kind of data set: finds it, fetches it if it may, and opens it. One plug-in a class, found by its key.</summary>
public abstract class DatasetFormat
{
    /// <summary>Opens the data set.</summary>
    /// <param name="location">Where to look, and whether to download.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="DataException">It is absent or broken; the message says what was looked for, where, and where to put it.</exception>
    public abstract ImageDataset Open(DataLocation location, CancellationToken cancellation = default);
}
