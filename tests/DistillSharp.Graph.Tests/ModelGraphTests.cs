namespace DistillSharp.Graph.Tests;

public sealed class ModelGraphTests
{
    [Fact]
    public void Initialisers_are_found_by_name_and_kept_in_order()
    {
        var graph = new ModelGraph();
        foreach (string name in new[] { "z", "a", "m" })
        {
            graph.Add(new(name, TensorData.Create<float>([1], 1), trainable: true));
        }

        Assert.True(graph.RemoveInitializer("a"));
        Assert.False(graph.RemoveInitializer("a"));

        Assert.Equal(["z", "m"], graph.Initializers.Select(initializer => initializer.Name));
        Assert.Null(graph.FindInitializer("a"));
        Assert.Null(graph.FindInitializer(null));
        Assert.Equal("m: Float32 [1]", graph.FindInitializer("m")!.ToString());
    }

    [Fact]
    public void Two_initialisers_of_one_name_are_refused()
    {
        var graph = new ModelGraph();
        graph.Add(new("w", TensorData.Create<float>([1], 1), trainable: true));

        var error = Assert.Throws<GraphException>(() => graph.Add(new("w", TensorData.Create<float>([2], 1), trainable: false)));

        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, graph.FindInitializer("w")!.Data.AsSpan<float>()[0]);
    }

    [Fact]
    public void A_clone_is_equal_and_shares_nothing_that_can_be_changed()
    {
        var graph = SampleGraphs.WithEverything();
        var untouched = SampleGraphs.WithEverything();

        var clone = graph.Clone();
        GraphAssert.Equal(graph, clone);
        ChangeEverything(clone);

        GraphAssert.Equal(untouched, graph);
    }

    private static void ChangeEverything(ModelGraph graph)
    {
        (graph.Name, graph.Opset) = ("other", 18);
        graph.OtherOpsets["com.other"] = 9;
        graph.Metadata["author"] = "someone else";
        graph.Inputs.Clear();
        graph.Outputs.RemoveAt(0);
        graph.KnownValues.Clear();
        foreach (var initializer in graph.Initializers)
        {
            initializer.Trainable = !initializer.Trainable;
            initializer.Initialization = Initialization.Constant(9);
            if (initializer.Data.Type == ElementType.Float32)
            {
                initializer.Data.AsSpan<float>().Fill(-7);
            }
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var tensor in node.Attributes.Values.OfType<TensorValue>().Where(tensor => tensor.Value.Type == ElementType.Float32))
            {
                tensor.Value.AsSpan<float>().Fill(-7);
            }

            (node.Name, node.Operation, node.Domain) = ("n", "Other", "elsewhere");
            node.Inputs.Clear();
            node.Outputs[0] = "changed";
            node.Attributes.Clear();
            node.Metadata["note"] = "changed";
        }

        graph.Nodes.RemoveAt(0);
        Assert.True(graph.RemoveInitializer(graph.Initializers[0].Name));
    }
}
