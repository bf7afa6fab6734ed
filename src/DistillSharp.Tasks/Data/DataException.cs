namespace DistillSharp.Tasks.Data;

/// <summary>Data on disk is not what it must be. The message names the file, the place in it, and what was expected.</summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, what was expected, what to do.</param>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, what was expected, what to do.</param>
    /// <param name="inner">The cause.</param>
    public DataException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
