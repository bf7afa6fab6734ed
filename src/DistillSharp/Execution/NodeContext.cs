using System.Globalization;
using DistillSharp.Execution.Patterns;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;

namespace DistillSharp.Execution;

/// <summary>A node as its compiler sees it: slots of its inputs and outputs, attributes, constant inputs, and who else reads a value.</summary>
internal sealed class NodeContext(GraphNode node, ModelGraph graph, ValueSlots slots)
{
    /// <summary>The operators whose result autograd does not need again, so that the next node may write over it.</summary>
    private static readonly HashSet<string> s_overwritable = new(StringComparer.Ordinal) { "Conv", "Gemm", "MatMul", "BatchNormalization", "Add", SiluPattern.Operation, ConvNormPattern.Operation };

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
        node.Attributes.ContainsKey(name) ? Decimal(node.Float(name, 0)) : null;

    /// <summary>A list of float attributes as the decimal numbers their author wrote, or null if absent.</summary>
    /// <param name="name">The attribute's name.</param>
    public double[]? NumbersOrNull(string name) =>
        !node.Attributes.TryGetValue(name, out var value) ? null
        : value is FloatsValue floats ? [.. floats.Values.Select(Decimal)]
        : throw Refuse($"its attribute '{name}' is no list of floats.");

    /// <summary>The slot of an output, or -1 if it is not wanted.</summary>
    /// <param name="index">The 0-based position.</param>
    public int OptionalOutput(int index) => index < node.Outputs.Count && node.Outputs[index].Length > 0 ? slots.Of(node.Outputs[index]) : -1;

    /// <summary>Whether an input's value cannot change: it is a constant of the graph.</summary>
    /// <param name="index">The 0-based position.</param>
    public bool IsConstant(int index) => graph.FindInitializer(node.InputOrNull(index)) is not null;

    /// <summary>Whether the node is a batch norm that evaluates in training too.</summary>
    public bool IsFrozenNorm => RunningStatistics.Frozen(graph, node);

    /// <summary>The integers of an input at run time: those of a constant are read once, computed ones from their tensor; null if it was left out.</summary>
    /// <param name="index">The 0-based position.</param>
    public Func<Frame, long[]?> Integers(int index)
    {
        int slot = OptionalInput(index);
        long[]? constant = slot < 0 ? null : graph.FindInitializer(node.Inputs[index])?.Data switch
        {
            { Type: ElementType.Int64 } data => data.AsSpan<long>().ToArray(),
            { Type: ElementType.Int32 } data => Array.ConvertAll(data.AsSpan<int>().ToArray(), value => (long)value),
            _ => null,
        };
        return slot < 0 || constant is not null ? _ => constant : frame => RuntimeShape.Read(frame[slot]);
    }

    /// <summary>Integers that older versions of the operator have as an attribute, and newer ones as an input.</summary>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="index">The input's 0-based position.</param>
    /// <param name="since">The operator set from which they are an input.</param>
    public Func<Frame, long[]?> Integers(string attribute, int index, int since)
    {
        if (Opset >= since)
        {
            return Integers(index);
        }

        long[]? values = node.Ints(attribute)?.ToArray();
        return _ => values;
    }

    /// <summary>The number of an input that is a constant float, or null if it was left out, is computed, or is no single float.</summary>
    /// <param name="index">The 0-based position.</param>
    public double? ConstantNumber(int index) => graph.FindInitializer(node.InputOrNull(index))?.Data switch
    {
        { Type: ElementType.Float32, Count: 1 } data => Decimal(data.AsSpan<float>()[0]),
        { Type: ElementType.Float64, Count: 1 } data => data.AsSpan<double>()[0],
        _ => null,
    };

    /// <summary>The numbers of an input that is a constant list of floats, or null.</summary>
    /// <param name="index">The 0-based position.</param>
    public float[]? ConstantNumbers(int index) => graph.FindInitializer(node.InputOrNull(index))?.Data is { Type: ElementType.Float32, Shape.Count: 1 } data ? data.AsSpan<float>().ToArray() : null;

    /// <summary>Whether an input is the constant false.</summary>
    /// <param name="index">The 0-based position.</param>
    public bool IsConstantFalse(int index) => graph.FindInitializer(node.InputOrNull(index))?.Data is { Type: ElementType.Bool, Count: 1 } data && data.Bytes[0] == 0;

    /// <summary>The element type a value was declared with, or null: unsigned types run widened, so a tensor does not tell.</summary>
    /// <param name="index">The input's 0-based position.</param>
    public ElementType? DeclaredType(int index)
    {
        string? name = node.InputOrNull(index);
        return name is null ? null
            : graph.FindInitializer(name)?.Data.Type ?? graph.Inputs.FirstOrDefault(input => input.Name == name)?.Type
            ?? (slots.ProducerOf(name) is { Operation: "Cast" } cast ? (ElementType?)cast.Int("to", 0) : null)
            ?? (graph.KnownValues.TryGetValue(name, out var known) && known.Type is not ElementType.Undefined ? known.Type : null);
    }

    /// <summary>The node that makes an input, or null for an input or constant of the graph.</summary>
    /// <param name="index">The 0-based position.</param>
    public GraphNode? ProducerOf(int index) => node.InputOrNull(index) is { } name ? slots.ProducerOf(name) : null;

    /// <summary>Whether all that is done with the first output is to hand it to nodes of one operator.</summary>
    /// <param name="operation">The operator.</param>
    public bool IsReadOnlyBy(string operation) =>
        !slots.IsWanted(node.Outputs[0]) && slots.ReadersOf(node.Outputs[0]).All(reader => reader.Domain.Length == 0 && reader.Operation == operation && reader.Inputs[0] == node.Outputs[0]);

    /// <summary>Whether the node may write its result over an input: nobody else reads it, nobody wants it, and autograd does not need it.</summary>
    /// <param name="index">The 0-based position.</param>
    public bool MayOverwrite(int index) =>
        node.Inputs[index] is var name
        && slots.ReaderCount(name) == 1
        && !slots.IsWanted(name)
        && slots.ProducerOf(name) is { } producer
        && s_overwritable.Contains(producer.Operation);

    /// <summary>Another node of the same graph, of which this one takes the place.</summary>
    /// <param name="other">The node.</param>
    public NodeContext As(GraphNode other) => new(other, graph, slots);

    /// <summary>An exception that names the node and says what is not covered.</summary>
    /// <param name="what">What is not covered, as a sentence.</param>
    public OperatorNotCoveredException Refuse(string what) => new(node, what);

    private static double Decimal(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
