using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>A file's attribute says what kind it is, and holds one value of that kind.</summary>
internal static class AttributeRules
{
    /// <summary>Checks the attributes of nodes and of the graphs within them.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="inFunction">Whether they are a function's, whose attributes may refer to those of the call.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static void CheckAll(IEnumerable<NodeProto> nodes, bool inFunction, List<GraphProblem> problems)
    {
        foreach (var node in nodes)
        {
            string what = SubgraphRules.Describe(node);
            if (node.OpType.Length == 0)
            {
                problems.Error($"The node '{node.Name}' names no operator.");
            }

            foreach (var group in node.Attribute.GroupBy(attribute => attribute.Name, StringComparer.Ordinal))
            {
                if (group.Count() > 1)
                {
                    problems.Error($"{what} has the attribute '{group.Key}' {group.Count()} times.");
                }

                foreach (var attribute in group)
                {
                    Check(attribute, what, inFunction, problems);
                }
            }
        }
    }

    private static void Check(AttributeProto attribute, string node, bool inFunction, List<GraphProblem> problems)
    {
        string what = $"The attribute '{attribute.Name}' of {node}";
        var filled = Filled(attribute);
        if (attribute.Name.Length == 0)
        {
            problems.Error($"An attribute of {node} has no name.");
        }

        if (attribute.RefAttrName.Length > 0)
        {
            if (!inFunction || filled.Count > 0)
            {
                problems.Error(inFunction ? $"{what} refers to '{attribute.RefAttrName}' of the call and has a value of its own." : $"{what} refers to '{attribute.RefAttrName}' of a call, but is not in a function.");
            }
        }
        else if (filled.Count > 1)
        {
            problems.Error($"{what} holds {string.Join(" and ", filled)}; it must hold one value.");
        }
        else if (attribute.Type == AttributeProto.Types.AttributeType.Undefined)
        {
            problems.Error($"{what} does not tell its kind.");
        }
        else if (filled is [var only] && only != attribute.Type)
        {
            problems.Error($"{what} says that it is {attribute.Type}, but holds {only}.");
        }
        else if (filled.Count == 0 && attribute.Type is AttributeProto.Types.AttributeType.Tensor or AttributeProto.Types.AttributeType.Graph or AttributeProto.Types.AttributeType.SparseTensor or AttributeProto.Types.AttributeType.TypeProto)
        {
            problems.Error($"{what} is to hold a {attribute.Type}, but is empty.");
        }

        foreach (var tensor in attribute.Tensors.Prepend(attribute.T).OfType<TensorProto>())
        {
            TensorRules.Check(tensor, what, problems);
        }

        foreach (var sparse in attribute.SparseTensors.Prepend(attribute.SparseTensor).OfType<SparseTensorProto>())
        {
            TensorRules.CheckSparse(sparse, what, problems);
        }

        foreach (var graph in attribute.Graphs.Prepend(attribute.G).OfType<GraphProto>())
        {
            if (graph.Name.Length == 0)
            {
                problems.Add(new(false, $"{what} is a graph without a name."));
            }

            foreach (var tensor in graph.Initializer)
            {
                TensorRules.Check(tensor, $"The initialiser '{tensor.Name}' in {node}", problems);
            }

            CheckAll(graph.Node, inFunction, problems);
        }
    }

    /// <summary>The kinds of which the attribute holds something. A number of 0 and an empty text cannot be told from none.</summary>
    private static List<AttributeProto.Types.AttributeType> Filled(AttributeProto attribute)
    {
        var kinds = new List<AttributeProto.Types.AttributeType>();
        void Add(bool filled, AttributeProto.Types.AttributeType kind)
        {
            if (filled)
            {
                kinds.Add(kind);
            }
        }

        Add(attribute.F != 0, AttributeProto.Types.AttributeType.Float);
        Add(attribute.I != 0, AttributeProto.Types.AttributeType.Int);
        Add(attribute.S.Length > 0, AttributeProto.Types.AttributeType.String);
        Add(attribute.T is not null, AttributeProto.Types.AttributeType.Tensor);
        Add(attribute.G is not null, AttributeProto.Types.AttributeType.Graph);
        Add(attribute.SparseTensor is not null, AttributeProto.Types.AttributeType.SparseTensor);
        Add(attribute.Tp is not null, AttributeProto.Types.AttributeType.TypeProto);
        Add(attribute.Floats.Count > 0, AttributeProto.Types.AttributeType.Floats);
        Add(attribute.Ints.Count > 0, AttributeProto.Types.AttributeType.Ints);
        Add(attribute.Strings.Count > 0, AttributeProto.Types.AttributeType.Strings);
        Add(attribute.Tensors.Count > 0, AttributeProto.Types.AttributeType.Tensors);
        Add(attribute.Graphs.Count > 0, AttributeProto.Types.AttributeType.Graphs);
        Add(attribute.SparseTensors.Count > 0, AttributeProto.Types.AttributeType.SparseTensors);
        Add(attribute.TypeProtos.Count > 0, AttributeProto.Types.AttributeType.TypeProtos);
        return kinds;
    }
}
