using System.Globalization;
using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>A node as its compiler sees it: slots of its inputs and outputs, attributes, constant inputs, and who else reads a value.</summary>
internal sealed class NodeContext(GraphNode node, ModelGraph graph, ValueSlots slots)
{
    /// <summary>The operators whose result autograd does not need again, so that the next node may write over it.</summary>
    private static readonly HashSet<string> s_overwritable = new(StringComparer.Ordinal) { "Conv", "Gemm", "MatMul", "BatchNormalization", "Add" };

    /// <summary>The node.</summary>
    public GraphNode Node => node;

    /// <summary>The version of ONNX's own operators.</summary>
    public int Opset => graph.Opset;

    /// <summary>How many inputs are listed.</summary>
    public int InputCount => node.Inputs.Count;

    /// <summary>How many outputs are listed.</summary>
    public int OutputCount => node.Outputs.Count;

    /// <summary>The slot of an input that must be there.</summary>
    /// <param name="index">The 0-based position.</param>
    public int Input(int index) => slots.Of(node.InputOrNull(index) ?? throw Refuse($"its input {index} is missing."));

    /// <summary>The slot of an optional input, or -1.</summary>
    /// <param name="index">The 0-based position.</param>
    public int OptionalInput(int index) => node.InputOrNull(index) is { } name ? slots.Of(name) : -1;

    /// <summary>The slot of an output.</summary>
    /// <param name="index">The 0-based position.</param>
    public int Output(int index) => slots.Of(node.Outputs[index]);

    /// <summary>A float attribute as the decimal number its author wrote: 0.9, not the float nearest to it.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    public double Number(string name, double fallback) => NumberOrNull(name) ?? fallback;

    /// <summary>A float attribute as the decimal number its author wrote, or null if absent.</summary>
    /// <param name="name">The attribute's name.</param>
    public double? NumberOrNull(string name) =>
        node.Attributes.ContainsKey(name) ? double.Parse(node.Float(name, 0).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    /// <summary>The integers of an input that is a constant, or null if the input was left out.</summary>
    /// <param name="index">The 0-based position.</param>
    /// <exception cref="OperatorNotCoveredException">The input is computed.</exception>
    public long[]? ConstantIntegers(int index)
    {
        if (node.InputOrNull(index) is not { } name)
        {
            return null;
        }

        return graph.FindInitializer(name)?.Data is { Type: ElementType.Int64 } data
            ? data.AsSpan<long>().ToArray()
            : throw Refuse($"its input {index} ('{name}') is computed, or no int64; a constant is covered.");
    }

    /// <summary>The number of an input that is a constant scalar, or null if the input was left out.</summary>
    /// <param name="index">The 0-based position.</param>
    /// <exception cref="OperatorNotCoveredException">The input is computed.</exception>
    public double? ConstantNumber(int index)
    {
        if (node.InputOrNull(index) is not { } name)
        {
            return null;
        }

        return graph.FindInitializer(name)?.Data switch
        {
            { Type: ElementType.Float32, Count: 1 } data => double.Parse(data.AsSpan<float>()[0].ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            { Type: ElementType.Float64, Count: 1 } data => data.AsSpan<double>()[0],
            _ => throw Refuse($"its input {index} ('{name}') is computed, or no single number; a constant is covered."),
        };
    }

    /// <summary>Whether an input is the constant false.</summary>
    /// <param name="index">The 0-based position.</param>
    public bool IsConstantFalse(int index) => graph.FindInitializer(node.InputOrNull(index))?.Data is { Type: ElementType.Bool, Count: 1 } data && data.Bytes[0] == 0;

    /// <summary>Whether the node may write its result over an input: nobody else reads it, nobody wants it, and autograd does not need it.</summary>
    /// <param name="index">The 0-based position.</param>
    public bool MayOverwrite(int index) =>
        node.Inputs[index] is var name
        && slots.ReaderCount(name) == 1
        && !slots.IsWanted(name)
        && slots.ProducerOf(name) is { } producer
        && s_overwritable.Contains(producer.Operation);

    /// <summary>Whether two inputs are known to have one shape.</summary>
    public bool SameShape(int left, int right) =>
        ShapeOf(node.Inputs[left]) is { } a && ShapeOf(node.Inputs[right]) is { } b && a.SequenceEqual(b) && !a.Contains(Dimension.Unknown);

    /// <summary>An exception that names the node and says what is not covered.</summary>
    /// <param name="what">What is not covered, as a sentence.</param>
    public OperatorNotCoveredException Refuse(string what) => new(node, what);

    private IReadOnlyList<Dimension>? ShapeOf(string name) => graph.KnownValues.TryGetValue(name, out var value) ? value.Shape : null;
}
