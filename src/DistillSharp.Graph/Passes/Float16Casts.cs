namespace DistillSharp.Graph.Passes;

/// <summary>Writes nodes anew between float16 values and float32 islands: each value exists in the forms that are read.</summary>
/// <param name="graph">The graph; nodes are appended to it.</param>
/// <param name="uses">Who read what before.</param>
/// <param name="types">The types of values before.</param>
internal sealed class Float16Casts(ModelGraph graph, GraphUses uses, Dictionary<string, ElementType> types)
{
    /// <summary>For each float32 value of the old graph, its names in both forms; null until it is cast.</summary>
    private readonly Dictionary<string, (string? Half, string? Full)> _forms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _halved = new(StringComparer.Ordinal), _casts = new(StringComparer.Ordinal);

    /// <summary>Appends a node, with casts for what it reads and what is kept outside.</summary>
    /// <param name="node">The node.</param>
    /// <param name="island">Whether it computes in float32.</param>
    /// <param name="keepOutside">Whether inputs and outputs of the graph stay float32.</param>
    public void Add(GraphNode node, bool island, bool keepOutside)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            node.Inputs[i] = Form(node.Inputs[i], !island, keepOutside);
        }

        graph.Nodes.Add(node);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            string name = node.Outputs[i];
            if (name.Length == 0 || types.GetValueOrDefault(name) != ElementType.Float32)
            {
                continue;
            }

            // The name belongs to the form that is seen outside: float32 for kept outputs and for what subgraphs read, else float16.
            bool full = uses.IsCaptured(name) || (uses.IsOutput(name) && keepOutside);
            if (full == island)
            {
                _forms[name] = island ? (null, name) : (name, null);
                continue;
            }

            node.Outputs[i] = uses.Fresh(name + (island ? ".float32" : ".float16"));
            _forms[name] = island ? (null, node.Outputs[i]) : (node.Outputs[i], null);
            if (uses.IsOutput(name) || uses.IsCaptured(name))
            {
                Cast(node.Outputs[i], name, full);
                _forms[name] = full ? (node.Outputs[i], name) : (name, node.Outputs[i]);
            }
        }
    }

    /// <summary>Halves the weights that float16 nodes read.</summary>
    /// <returns>How many.</returns>
    public int Halve()
    {
        var now = new GraphUses(graph);
        foreach (string name in _halved)
        {
            var weight = graph.FindInitializer(name)!;
            var half = TensorNumbers.FromDoubles(ElementType.Float16, weight.Data.Shape, weight.Data.ToDoubles());
            if (!now.IsNeeded(name))
            {
                // Only float16 nodes read it: it keeps its name.
                graph.ReplaceReads(_forms[name].Half!, name);
                weight.Data = half;
            }
            else
            {
                graph.Add(new(_forms[name].Half!, half, weight.Trainable) { Initialization = weight.Initialization, Unshown = weight.Unshown });
            }
        }

        return _halved.Count;
    }

    /// <summary>Removes casts that nothing reads.</summary>
    public void RemoveUnread()
    {
        var now = new GraphUses(graph);
        foreach (var node in graph.Nodes.Where(node => node.Operation == "Cast" && _casts.Contains(node.Outputs[0]) && !now.IsNeeded(node.Outputs[0])).ToList())
        {
            graph.Nodes.Remove(node);
        }
    }

    private string Form(string name, bool half, bool keepOutside)
    {
        if (name.Length == 0)
        {
            return name;
        }

        if (graph.FindInitializer(name) is { } initializer)
        {
            if (!half || initializer.Data.Type != ElementType.Float32)
            {
                return name;
            }

            if (_halved.Add(name))
            {
                _forms[name] = (uses.Fresh(name + ".float16"), name);
            }

            return _forms[name].Half!;
        }

        if (types.GetValueOrDefault(name) != ElementType.Float32)
        {
            return name;
        }

        // An input of the graph comes in the form the caller feeds.
        var forms = _forms.TryGetValue(name, out var known) ? known : keepOutside ? (null, name) : (name, null);
        if ((half ? forms.Half : forms.Full) is { } there)
        {
            _forms[name] = forms;
            return there;
        }

        string made = uses.Fresh(name + (half ? ".float16" : ".float32"));
        Cast((half ? forms.Full : forms.Half)!, made, !half);
        _forms[name] = half ? (made, forms.Full) : (forms.Half, made);
        return made;
    }

    private void Cast(string from, string to, bool full)
    {
        var node = new GraphNode("Cast", [from], [to], to + ".cast");
        node.Attributes["to"] = new IntValue((long)(full ? ElementType.Float32 : ElementType.Float16));
        graph.Nodes.Add(node);
        _casts.Add(to);
    }
}
