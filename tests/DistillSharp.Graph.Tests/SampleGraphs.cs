namespace DistillSharp.Graph.Tests;

/// <summary>Graphs that several tests look at.</summary>
internal static class SampleGraphs
{
    /// <summary>One of everything a graph can hold; made anew on every call.</summary>
    public static ModelGraph WithEverything()
    {
        var graph = new ModelGraph { Name = "everything", Opset = 17 };
        graph.OtherOpsets["com.example"] = 3;
        graph.Metadata["author"] = "Zoë";
        graph.Metadata["distillsharp.task"] = "classification";
        graph.Inputs.Add(new("x", ElementType.Float32, [Dimension.Named("batch"), 3, Dimension.Unknown]));
        graph.Inputs.Add(new("ids", ElementType.Int64, null));
        graph.Outputs.Add(new("y", ElementType.Float32, [Dimension.Named("batch"), 2]));
        graph.Outputs.Add(new("z", ElementType.Float16, []));
        graph.KnownValues["h"] = new("h", ElementType.Float32, [Dimension.Named("batch"), 4]);
        graph.Add(new("w", TensorData.Create<float>([1, -0f, float.NaN, float.Epsilon], 2, 2), trainable: true) { Initialization = Initialization.KaimingFanOut(18) });
        graph.Add(new("mean", TensorData.Create<float>([0.25f], 1), trainable: false) { Initialization = Initialization.Constant(0) });
        graph.Add(new("shape", TensorData.Create<long>([long.MinValue, -1, 0], 3), trainable: false));
        graph.Add(new("flag", TensorData.Create<bool>([true]), trainable: false));
        graph.Add(new("none", TensorData.Create<double>([], 0, 4), trainable: false));
        graph.Add(new("half", new TensorData(ElementType.BFloat16, [2], [1, 2, 3, 4]), trainable: true));
        var node = new GraphNode("Fancy", ["x", "", "w"], ["h", ""], "first") { Domain = "com.example" };
        node.Attributes["int"] = new IntValue(-5);
        node.Attributes["float"] = new FloatValue(float.NegativeInfinity);
        node.Attributes["text"] = new TextValue("größer");
        node.Attributes["ints"] = new IntsValue([1, long.MaxValue]);
        node.Attributes["no_ints"] = new IntsValue([]);
        node.Attributes["floats"] = new FloatsValue([1.5f, float.NaN]);
        node.Attributes["texts"] = new TextsValue(["a", "", "ü"]);
        node.Attributes["tensor"] = new TensorValue(TensorData.Create<float>([1, 2], 2, 1));
        node.Metadata["note"] = "kept";
        graph.Nodes.Add(node);
        graph.Nodes.Add(new("Mystery", ["h", "mean", "ids"], ["y", "z"]));
        return graph;
    }

    /// <summary>The bytes of a file in which shapes are computed, activations come in pieces, and an If has two branches.</summary>
    public static byte[] ShapeArithmetic()
    {
        var graph = new ModelGraph { Name = "shapes", Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 3, 4, 4]));
        graph.Outputs.Add(new("y", ElementType.Float32, null));
        void Node(string operation, string[] inputs, string output, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = new GraphNode(operation, inputs, [output], output);
            foreach (var (name, value) in attributes)
            {
                node.Attributes[name] = value;
            }

            graph.Nodes.Add(node);
        }

        void Longs(string name, params long[] values) => graph.Add(new(name, TensorData.Create<long>(values, values.Length), trainable: false));
        Longs("zero", 0);
        Longs("one", 1);
        Longs("rest", -1);
        Longs("axes", 2, 3);
        Longs("weight_shape", 2, 3, 1, 1);
        graph.Add(new("three", TensorData.Create<float>([3f]), trainable: false));
        graph.Add(new("six", TensorData.Create<float>([6f]), trainable: false));
        graph.Add(new("scales", TensorData.Create<float>([1, 1, 2, 2], 4), trainable: false));
        Node("ConstantOfShape", ["weight_shape"], "w", ("value", new TensorValue(TensorData.Create<float>([0.5f], 1))));
        Node("Conv", ["x", "w"], "c", ("pads", new IntsValue([0, 0, 0, 0])));
        Node("Add", ["c", "three"], "a");
        Node("Clip", ["a", "", "six"], "clip");
        Node("Relu", ["clip"], "r");
        Node("Div", ["r", "six"], "d");
        Node("Mul", ["c", "d"], "m");
        Node("Resize", ["m", "", "scales"], "z", ("mode", new TextValue("linear")));
        Node("Shape", ["z"], "s");
        Node("Gather", ["s", "zero"], "n", ("axis", new IntValue(0)));
        Node("Slice", ["s", "one", "axes", "zero"], "t");
        Node("Concat", ["n", "rest"], "target", ("axis", new IntValue(0)));
        Node("Reshape", ["z", "target"], "f");
        Node("Softmax", ["f"], "p", ("axis", new IntValue(-1)));
        Node("Einsum", ["p", "p"], "e", ("equation", new TextValue("ij,kj->ik")));
        Node("TopK", ["e", "one"], "k");
        Node("Pad", ["e", "axes"], "g", ("mode", new TextValue("constant")));
        Node("Split", ["p"], "q");
        Node("Identity", ["e"], "y");
        return DistillSharp.Graph.Format.OnnxFile.Serialize(graph);
    }
}
