namespace DistillSharp.Graph.Format;

/// <summary>A node of a file for operator set 1 to 6, and what its graph tells of its inputs.</summary>
/// <param name="Node">The node.</param>
/// <param name="Graph">Its graph.</param>
/// <param name="Opset">The set.</param>
internal sealed record OldNode(GraphNode Node, ModelGraph Graph, long Opset)
{
    /// <summary>Why the node is not read.</summary>
    /// <param name="why">What cannot be told, or null.</param>
    public GraphException Refuse(string? why = null) => new(
        $"the file is written for operator set {Opset}, in which {Node} may mean something else{(why is null ? "" : $": {why}")}; {OnnxFile.LowestOpset} to {OnnxFile.HighestOpset} are read. Export it again for one of these.");

    /// <summary>The number of axes of an input, or null if the file does not tell.</summary>
    /// <param name="index">The input's 0-based position.</param>
    public int? RankOf(int index)
    {
        string? name = Node.InputOrNull(index);
        if (name is null)
        {
            return null;
        }

        if (Graph.Nodes.FirstOrDefault(node => node.Outputs.Contains(name)) is { Operation: "Constant" } constant && constant.Attributes.TryGetValue("value", out var attribute) && attribute is TensorValue value)
        {
            return value.Value.Shape.Count;
        }

        return Graph.FindInitializer(name)?.Data.Shape.Count
            ?? (Graph.Inputs.FirstOrDefault(input => input.Name == name)
                ?? (Graph.KnownValues.TryGetValue(name, out var known) ? known : Graph.Outputs.FirstOrDefault(output => output.Name == name)))?.Shape?.Count;
    }

    /// <summary>The sizes of an input that is a constant, or null.</summary>
    /// <param name="index">The input's 0-based position.</param>
    public IReadOnlyList<long>? ConstantShape(int index) => Graph.FindInitializer(Node.InputOrNull(index))?.Data.Shape;

    /// <summary>Gives an input further axes of size 1 at its end.</summary>
    /// <param name="index">The input's 0-based position.</param>
    /// <param name="rank">How many axes it has.</param>
    /// <param name="more">How many it shall have more.</param>
    public void Widen(int index, int rank, int more)
    {
        string widened = Unused($"{Node.Inputs[index]}_widened");
        var unsqueeze = new GraphNode("Unsqueeze", [Node.Inputs[index]], [widened], widened);
        unsqueeze.Attributes.Add("axes", new IntsValue([.. Enumerable.Range(rank, more).Select(axis => (long)axis)]));
        Graph.Nodes.Insert(Graph.Nodes.IndexOf(Node), unsqueeze);
        Node.Inputs[index] = widened;
    }

    /// <summary>Adds integers as a constant input.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="values">The integers.</param>
    public void AddInput(string name, IReadOnlyList<long> values)
    {
        string unused = Unused($"{Node.Outputs[0]}_{name}");
        Graph.Add(new(unused, TensorData.Create<long>([.. values], values.Count), trainable: false));
        Node.Inputs.Add(unused);
    }

    private string Unused(string name)
    {
        while (Graph.FindInitializer(name) is not null || Graph.Inputs.Any(input => input.Name == name) || Graph.Nodes.Any(node => node.Outputs.Contains(name)))
        {
            name += "_";
        }

        return name;
    }
}
