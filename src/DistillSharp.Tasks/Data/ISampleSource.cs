namespace DistillSharp.Tasks.Data;

/// <summary>Labelled pictures by position, in a stable order. Reading is safe from several threads at once.</summary>
public interface ISampleSource
{
    /// <summary>How many samples there are.</summary>
    int Count { get; }

    /// <summary>The class of a sample, without decoding its picture.</summary>
    /// <param name="index">The 0-based position.</param>
    int LabelOf(int index);

    /// <summary>Where a sample comes from, for messages: a file, or a file and a record.</summary>
    /// <param name="index">The 0-based position.</param>
    string Describe(int index);

    /// <summary>Reads (and decodes) a sample. The picture may be shared: do not write into it.</summary>
    /// <param name="index">The 0-based position.</param>
    /// <exception cref="DataException">The sample cannot be read; the message names it.</exception>
    ImageSample Read(int index);
}
