namespace DistillSharp.Graph.Evaluation;

/// <summary>A node all of whose inputs are known, as the rules that work it out see it.</summary>
/// <param name="node">The node.</param>
/// <param name="opset">The operator set.</param>
/// <param name="inputs">The inputs; null where one was left out.</param>
/// <param name="limit">How many elements an output may have.</param>
internal sealed class ConstantNode(GraphNode node, int opset, IReadOnlyList<TensorData?> inputs, long limit)
{
    public GraphNode Node => node;

    public int Opset => opset;

    public IReadOnlyList<TensorData?> Inputs => inputs;

    /// <summary>The first input.</summary>
    public TensorData X => Input(0);

    public TensorData Input(int index) => index < inputs.Count && inputs[index] is { } data ? data : throw new NotConstantException();

    public TensorData? Optional(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>The integers of an input, or of the attribute that older operator sets have instead; null if neither is there.</summary>
    public long[]? Integers(int index, string attribute) =>
        Optional(index) is { } data ? data.Type.IsInteger() ? data.ToLongs() : throw new NotConstantException() : node.Ints(attribute)?.ToArray();

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new NotConstantException();

    /// <summary>Refuses an output that is too large, before anything is allocated.</summary>
    public void Require(IEnumerable<long> shape)
    {
        Int128 count = 1;
        foreach (long size in shape)
        {
            count = size < 0 ? throw new NotConstantException() : count * size;
            if (count > limit)
            {
                throw new NotConstantException();
            }
        }
    }
}

/// <summary>The node is not worked out: its rule does not cover the case, the result is too large, or the operator does not define it.</summary>
internal sealed class NotConstantException : Exception;
