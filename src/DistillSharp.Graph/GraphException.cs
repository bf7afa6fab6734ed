namespace DistillSharp.Graph;

/// <summary>A graph, or the file it was read from, is not what it must be. The message names the node, value or file offset.</summary>
public sealed class GraphException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, what was expected, what to do.</param>
    public GraphException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, what was expected, what to do.</param>
    /// <param name="inner">The cause.</param>
    public GraphException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
