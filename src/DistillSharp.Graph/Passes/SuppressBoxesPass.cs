using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Puts the choice of boxes into a detector: greedy non-maximum suppression, class by class, of each place's best class. Its output
/// <c>[N, 4 + classes, places]</c> (centre, width, height, scores) becomes <c>[N, most, 6]</c>: x1, y1, x2, y2, confidence, class by falling
/// confidence, filled up with rows of 0. What the output was stays as an inner value, <see cref="Inner"/>.
/// </summary>
/// <param name="options">Thresholds, and how many boxes.</param>
public sealed class SuppressBoxesPass(SuppressBoxesOptions options) : GraphPass
{
    /// <summary>The name of the value that was the output: every place's box and scores.</summary>
    public const string Inner = "predictions";

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        var uses = new GraphUses(graph);
        if (graph.Outputs is not [{ Type: ElementType.Float32, Shape: [var batch, { Size: > 4 and var rows }, _] } output] || uses.Producer(output.Name) is not { } producer || graph.Opset < 13)
        {
            throw new GraphException($"The suppression of boxes goes behind one output [N, 4 + classes, places] of float32, in operator set 13 or later; the model answers {string.Join("; ", graph.Outputs)} in operator set {graph.Opset}.");
        }

        string predictions = uses.Fresh(Inner);
        producer.Outputs[producer.Outputs.IndexOf(output.Name)] = predictions;
        graph.ReplaceReads(output.Name, predictions);
        int before = graph.Nodes.Count;
        new Writer(graph, uses).Suppress(predictions, output.Name, rows - 4, options);
        graph.Outputs[0] = new(output.Name, ElementType.Float32, [batch, options.MaxDetections, 6]);
        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        changes.Add("nodes put behind the model", graph.Nodes.Count - before);
    }

    private sealed class Writer(ModelGraph graph, GraphUses uses)
    {
        public void Suppress(string predictions, string output, long classes, SuppressBoxesOptions options)
        {
            string[] parts = Nodes("Split", [predictions, Numbers("sizes", 4, classes)], ["boxes", "scores"], ("axis", new IntValue(1)));
            string boxes = Node("Transpose", [parts[0]], "rows", ("perm", new IntsValue([0, 2, 1])));

            // One class a place: what is not its best one counts as 0, which no threshold lets through.
            string label = Node("ArgMax", [parts[1]], "label", ("axis", new IntValue(1)), ("keepdims", new IntValue(1)));
            string every = Constant("classes", TensorData.Create<long>([.. Enumerable.Range(0, (int)classes).Select(i => (long)i)], classes, 1));
            string zero = Constant("zero", TensorData.Create<float>([0]));
            string own = Node("Where", [Node("Equal", [label, every], "own"), parts[1], zero], "own_scores");
            string chosen = Node(
                "NonMaxSuppression",
                [boxes, own, Constant("most", TensorData.Create<long>([options.MaxDetections], 1)), Number("iou", options.Iou), Number("confidence", options.Confidence)],
                "chosen",
                ("center_point_box", new IntValue(1)));

            // The chosen ones keep their score, all others have 0: then the highest are the answer, and rows that are left over are 0.
            string places = Node("Gather", [chosen, Numbers("picture_and_place", 0, 2)], "chosen_places", ("axis", new IntValue(1)));
            string best = Node("Squeeze", [Node("GatherElements", [parts[1], label], "best", ("axis", new IntValue(1))), Numbers("axis", 1)], "best_scores");
            string empty = Node("ConstantOfShape", [Node("Shape", [best], "shape")], "empty", ("value", new TensorValue(TensorData.Create<float>([0], 1))));
            string kept = Node("ScatterND", [empty, places, Node("GatherND", [best, places], "chosen_scores")], "kept");
            string more = Node("Pad", [kept, Numbers("room", 0, 0, 0, options.MaxDetections)], "with_room");
            string[] top = Nodes("TopK", [more, Numbers("count", options.MaxDetections)], ["confidences", "order"], ("axis", new IntValue(1)));
            string index = Column(Node("Where", [Node("Greater", [top[0], zero], "found"), top[1], Constant("first", TensorData.Create<long>([0]))], "found_places"), "index");
            string row = Node("GatherND", [boxes, index], "found_boxes", ("batch_dims", new IntValue(1)));
            string[] middle = Nodes("Split", [row, Numbers("halves", 2, 2)], ["centre", "size"], ("axis", new IntValue(2)));
            string half = Node("Mul", [middle[1], Constant("half", TensorData.Create<float>([0.5f]))], "half_size");
            string name = Node("Cast", [Node("GatherND", [Node("Squeeze", [label, Numbers("axis", 1)], "labels"), index], "found_labels", ("batch_dims", new IntValue(1)))], "found_classes", ("to", new IntValue((long)ElementType.Float32)));
            string all = Node(
                "Concat",
                [Node("Sub", [middle[0], half], "upper_left"), Node("Add", [middle[0], half], "lower_right"), Column(top[0], "confidence_column"), Column(name, "class_column")],
                "found_rows",
                ("axis", new IntValue(2)));
            string mask = Node("Cast", [Column(Node("Greater", [top[0], zero], "is_found"), "is_found_column")], "mask", ("to", new IntValue((long)ElementType.Float32)));
            Put("Mul", [all, mask], [output], "answer");
        }

        private string Column(string value, string what) => Node("Unsqueeze", [value, Numbers("last", 2)], what);

        private string Number(string what, float value) => Constant(what, TensorData.Create<float>([value], 1));

        private string Numbers(string what, params long[] values) => Constant(what, TensorData.Create<long>(values, values.Length));

        private string Constant(string what, TensorData data)
        {
            string name = $"suppression.{what}";
            if (graph.FindInitializer(name) is not { } there)
            {
                graph.Add(new(name, data, trainable: false));
            }
            else if (!there.Data.Bytes.SequenceEqual(data.Bytes))
            {
                throw new GraphException($"The graph already has an initialiser named '{name}'.");
            }

            return name;
        }

        private string Node(string operation, string[] inputs, string what, params (string Name, AttributeValue Value)[] attributes) => Nodes(operation, inputs, [what], attributes)[0];

        private string[] Nodes(string operation, string[] inputs, string[] what, params (string Name, AttributeValue Value)[] attributes) =>
            Put(operation, inputs, [.. what.Select(one => uses.Fresh($"suppression.{one}"))], what[0], attributes);

        private string[] Put(string operation, string[] inputs, string[] outputs, string what, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = new GraphNode(operation, inputs, outputs, $"suppression.{what}");
            foreach (var (name, value) in attributes)
            {
                node.Attributes.Add(name, value);
            }

            graph.Nodes.Add(node);
            return outputs;
        }
    }
}

/// <summary>The options of <see cref="SuppressBoxesPass"/>.</summary>
public sealed record SuppressBoxesOptions
{
    /// <summary>What a box's confidence must exceed, 0 to 1. Default 0.25.</summary>
    public float Confidence
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "The confidence must be from 0 to 1.");
    } = 0.25f;

    /// <summary>A box that overlaps a surer one of its class by more than this (intersection over union, 0 to 1) is dropped. Default 0.7.</summary>
    public float Iou
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Iou), value, "The intersection over union must be from 0 to 1.");
    } = 0.7f;

    /// <summary>The rows a picture's answer has, 1 to 10,000. Default 300.</summary>
    public int MaxDetections
    {
        get;
        init => field = value is >= 1 and <= 10_000 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDetections), value, "The most boxes of a picture must be from 1 to 10,000.");
    } = 300;
}
