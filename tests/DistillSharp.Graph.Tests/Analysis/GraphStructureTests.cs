using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Graph.Tests.Analysis;

public sealed class GraphStructureTests
{
    [Fact]
    public void Weights_names_and_metadata_do_not_count()
    {
        ModelGraph one = Drawn(1), two = Drawn(2);
        two.Metadata["distillsharp.provenance.role"] = "distilled";
        two.Name = "another";
        foreach (var node in two.Nodes)
        {
            node.Name = "n" + node.Name;
        }

        Assert.NotEqual(one.FindInitializer("conv1.weight")!.Data.Bytes.ToArray(), two.FindInitializer("conv1.weight")!.Data.Bytes.ToArray());
        Assert.Equal(GraphStructure.KeyOf(one), GraphStructure.KeyOf(two));
    }

    [Fact]
    public void Values_may_be_called_otherwise()
    {
        ModelGraph one = Drawn(1), two = Drawn(1);
        string old = two.Nodes[0].Outputs[0];
        foreach (var node in two.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = node.Inputs[i] == old ? "renamed" : node.Inputs[i];
            }
        }

        two.Nodes[0].Outputs[0] = "renamed";

        Assert.Equal(GraphStructure.KeyOf(one), GraphStructure.KeyOf(two));
    }

    [Fact]
    public void Another_width_attribute_input_or_operator_is_another_structure()
    {
        string key = GraphStructure.KeyOf(Drawn(1));

        ModelGraph attribute = Drawn(1), input = Drawn(1), operation = Drawn(1), wiring = Drawn(1);
        attribute.Nodes.First(node => node.Operation == "Conv").Attributes["strides"] = new IntsValue([2, 2]);
        input.Inputs[0] = input.Inputs[0] with { Shape = [1, 3, 16, 16] };
        operation.Nodes.First(node => node.Operation == "Relu").Operation = "Sigmoid";
        var add = wiring.Nodes.First(node => node.Operation == "Add");
        add.Inputs[1] = add.Inputs[0];

        Assert.All([attribute, input, operation, wiring, ResNet.ResNet14(new() { Height = 8, Width = 8 })], other => Assert.NotEqual(key, GraphStructure.KeyOf(other)));
    }

    [Fact]
    public void Constants_that_decide_shapes_count_and_others_by_their_shape()
    {
        Assert.Equal(GraphStructure.KeyOf(Scaled(3f, "Mul")), GraphStructure.KeyOf(Scaled(5f, "Mul")));
        Assert.NotEqual(GraphStructure.KeyOf(Scaled(3f, "Resize")), GraphStructure.KeyOf(Scaled(5f, "Resize")));
        Assert.NotEqual(GraphStructure.KeyOf(Scaled(3L, "Reshape")), GraphStructure.KeyOf(Scaled(5L, "Reshape")));
        Assert.NotEqual(GraphStructure.KeyOf(Scaled(3f, "Mul")), GraphStructure.KeyOf(Scaled(3.0, "Mul")));
    }

    private static ModelGraph Drawn(long seed)
    {
        var graph = ResNet.ResNet8(new() { Height = 8, Width = 8 });
        WeightInitializer.Draw(graph, seed);
        return graph;
    }

    private static ModelGraph Scaled<T>(T number, string operation)
        where T : unmanaged
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 2]));
        graph.Add(new("c", TensorData.Create<T>([number], 1), trainable: false));
        graph.Nodes.Add(new(operation, operation == "Resize" ? ["x", "", "c"] : ["x", "c"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, null));
        return graph;
    }
}
