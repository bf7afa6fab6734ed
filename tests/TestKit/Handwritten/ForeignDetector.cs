using DistillSharp.Graph;

namespace DistillSharp.TestKit.Handwritten;

/// <summary>
/// The cells of <see cref="ColourDetector"/> as strangers' exporters lay them out: 32 x 32 pixels each, as red, green or blue as their mean colour is purely that. Outputs are
/// <c>boxes</c>, <c>scores</c>, <c>labels</c>, <c>num_dets</c>, or <c>output0</c> where one holds all, unless they are renamed.
/// </summary>
public sealed record ForeignDetector
{
    /// <summary><c>scored</c> (a score of each class), <c>labelled</c> (a score and a label), <c>rows</c>, <c>planes</c>, <c>objectness</c> (rows with a score of their own) or <c>finished</c>.</summary>
    public string Layout { get; init; } = "scored";

    /// <summary><c>xyxy</c>, <c>xywh</c> or <c>cxcywh</c>.</summary>
    public string Format { get; init; } = "xyxy";

    /// <summary>Whether boxes are shares of the input.</summary>
    public bool Share { get; init; }

    /// <summary><c>probability</c>, <c>sigmoid</c> (logits of -6 to 6), <c>softmax</c> (logits with "no object" last) or <c>background</c> (probabilities with a background first).</summary>
    public string Kind { get; init; } = "probability";

    /// <summary>The type of the labels.</summary>
    public ElementType LabelType { get; init; } = ElementType.Int64;

    /// <summary>Added to the labels.</summary>
    public int FirstLabel { get; init; }

    /// <summary>Whether only places above one half are told, without an axis of pictures, for one picture <c>[3, H, W]</c>, as torchvision does it. Labelled only.</summary>
    public bool Unbatched { get; init; }

    /// <summary>Whether a count says that only the first half of the places is filled.</summary>
    public bool Counted { get; init; }

    /// <summary>Whether it takes pixels of 0 to 255.</summary>
    public bool Bytes { get; init; }

    /// <summary>The type of the pictures' numbers.</summary>
    public ElementType InputType { get; init; } = ElementType.Float32;

    /// <summary>Whether it takes the size that boxes are told for, as RT-DETR's exporter has it. Boxes are then pixels of that.</summary>
    public bool AsksForSize { get; init; }

    /// <summary>Which of <c>boxes</c> and <c>scores</c> lie with the places last; scored, and boxes also labelled.</summary>
    public IReadOnlyList<string> Across { get; init; } = [];

    /// <summary>The batch that the file fixes; null for any.</summary>
    public int? Batch { get; init; }

    /// <summary>The height and width that the file fixes; null for any.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Other names of outputs.</summary>
    public IReadOnlyDictionary<string, string> Renamed { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes the file.</summary>
    public ModelGraph Create()
    {
        Dimension batch = Batch is { } fixedBatch ? fixedBatch : Dimension.Named("batch");
        Dimension[] sides = [Size?.Height is { } height ? height : Dimension.Named("height"), Size?.Width is { } width ? width : Dimension.Named("width")];
        var sketch = new Sketch().Longs("axis0", 0).Longs("axis1", 1).Floats("one", [], 1).Floats("half", [], 0.5f).Floats("zero", [], 0).Floats("side", [], ColourDetector.Cell);
        sketch.Input("images", InputType, Unbatched ? [3, .. sides] : [batch, 3, .. sides]);
        string pictures = "images";
        if (Unbatched)
        {
            sketch.Node("Unsqueeze", "images,axis0", "pictures");
            pictures = "pictures";
        }

        if (InputType != ElementType.Float32)
        {
            sketch.Node("Cast", pictures, "cast", ("to", new IntValue(1)));
            pictures = "cast";
        }

        if (Bytes)
        {
            sketch.Floats("bytes", [], 255).Node("Div", $"{pictures},bytes", "floats");
            pictures = "floats";
        }

        Cells(sketch, pictures);
        string scores = Scores(sketch);
        if (Layout is "scored" or "labelled")
        {
            sketch.Longs("box_shape", 0, 4, -1).Longs("score_shape", 0, Kind is "softmax" or "background" ? 4 : 3, -1)
                .Node("Reshape", "box_map,box_shape", "box_planes").Node("Transpose", "box_planes", "box_rows", ("perm", new IntsValue([0, 2, 1])))
                .Node("Reshape", $"{scores},score_shape", "score_planes").Node("Transpose", "score_planes", "score_rows", ("perm", new IntsValue([0, 2, 1])))
                .Node("Identity", Across.Contains("boxes") ? "box_planes" : "box_rows", Name("boxes", Unbatched)).Node("Identity", Across.Contains("scores") ? "score_planes" : "score_rows", Name("scores", Layout == "labelled"));
            Separate(sketch);
        }
        else
        {
            Single(sketch, scores);
        }

        return sketch.Graph;
    }

    private string Name(string output, bool isInner = false) => isInner ? $"inner_{output}" : Renamed.GetValueOrDefault(output, output);

    private void Cells(Sketch sketch, string pictures)
    {
        sketch.Node("AveragePool", pictures, "means", ("kernel_shape", new IntsValue([ColourDetector.Cell, ColourDetector.Cell])), ("strides", new IntsValue([ColourDetector.Cell, ColourDetector.Cell])))
            .Floats("purity", [3, 3, 1, 1], 1, -1, -1, -1, 1, -1, -1, -1, 1).Node("Conv", "means,purity", "pure").Node("Clip", "pure,zero,one", "pure_scores")
            .Floats("none", [1, 3, 1, 1], 0, 0, 0).Node("Conv", "means,none", "zeros").Node("Add", "zeros,one", "ones").Node("Mul", "ones,side", "extent")
            .Floats("reach", [], ColourDetector.Cell / 2).Node("Shape", pictures, "shape");
        foreach (var (axis, letter) in new[] { (3, "x"), (2, "y") })
        {
            sketch.Longs($"{letter}_axis", axis).Node("CumSum", $"ones,{letter}_axis", $"{letter}_count").Node("Sub", $"{letter}_count,half", $"{letter}_cells").Node("Mul", $"{letter}_cells,side", letter)
                .Node("Sub", $"{letter},reach", $"{letter}1").Node("Add", $"{letter},reach", $"{letter}2")
                .Node("Gather", $"shape,{letter}_axis", $"{letter}_size").Node("Cast", $"{letter}_size", $"{letter}_float", ("to", new IntValue(1)));
        }

        string[] numbers = Format switch
        {
            "cxcywh" => ["x", "y", "extent", "extent"],
            "xywh" => ["x1", "y1", "extent", "extent"],
            _ => ["x1", "y1", "x2", "y2"],
        };
        sketch.Node("Concat", string.Join(',', numbers), "pixel_map", ("axis", new IntValue(1))).Node("Concat", "x_float,y_float,x_float,y_float", "sizes", ("axis", new IntValue(0)))
            .Longs("size_shape", 1, 4, 1, 1).Node("Reshape", "sizes,size_shape", "size_map").Node("Div", "pixel_map,size_map", "share_map");
        if (AsksForSize)
        {
            sketch.Input("orig_target_sizes", ElementType.Int64, Dimension.Named("batch"), 2).Node("Cast", "orig_target_sizes", "asked", ("to", new IntValue(1)))
                .Node("Concat", "asked,asked", "asked_twice", ("axis", new IntValue(1))).Longs("asked_shape", -1, 4, 1, 1).Node("Reshape", "asked_twice,asked_shape", "asked_map").Node("Mul", "share_map,asked_map", "box_map");
        }
        else
        {
            sketch.Node("Identity", Share ? "share_map" : "pixel_map", "box_map");
        }
    }

    private string Scores(Sketch sketch)
    {
        sketch.Floats("twelve", [], 12).Floats("six", [], 6).Node("Mul", "pure_scores,twelve", "steep").Node("Mul", "ones,six", "sixes");
        switch (Kind)
        {
            case "sigmoid":
                sketch.Node("Sub", "steep,six", "logit_map");
                return "logit_map";
            case "softmax":
                sketch.Node("Concat", "steep,sixes", "logit_map", ("axis", new IntValue(1)));
                return "logit_map";
            case "background":
                sketch.Node("Concat", "sixes,steep", "logits", ("axis", new IntValue(1))).Node("Softmax", "logits", "probability_map", ("axis", new IntValue(1)));
                return "probability_map";
            default:
                return "pure_scores";
        }
    }

    private void Separate(Sketch sketch)
    {
        Dimension batch = Batch is { } fixedBatch ? fixedBatch : Dimension.Named("batch"), places = Dimension.Named("places");
        string boxes = Name("boxes"), scores = Name("scores"), labels = Name("labels"), counts = Name("num_dets");
        sketch.Output(boxes, Unbatched ? [places, 4] : Across.Contains("boxes") ? [batch, 4, places] : [batch, places, 4]);
        if (Layout == "labelled")
        {
            sketch.Floats("first", [], FirstLabel)
                .Node("ReduceMax", "inner_scores", Unbatched ? "all_scores" : scores, ("axes", new IntsValue([2])), ("keepdims", new IntValue(0)))
                .Node("ArgMax", "inner_scores", "best", ("axis", new IntValue(2)), ("keepdims", new IntValue(0)))
                .Node("Cast", "best", "best_float", ("to", new IntValue(1))).Node("Add", "best_float,first", "shifted")
                .Node("Cast", "shifted", Unbatched ? "all_labels" : labels, ("to", new IntValue((int)LabelType)));
            if (Unbatched)
            {
                sketch.Node("Squeeze", "all_scores,axis0", "row_scores").Node("Squeeze", "all_labels,axis0", "row_labels").Node("Squeeze", "inner_boxes,axis0", "row_boxes").Node("Greater", "row_scores,half", "sure")
                    .Node("Compress", "row_scores,sure", scores, ("axis", new IntValue(0))).Node("Compress", "row_labels,sure", labels, ("axis", new IntValue(0))).Node("Compress", "row_boxes,sure", boxes, ("axis", new IntValue(0)));
            }

            sketch.Output(labels, LabelType, Unbatched ? [places] : [batch, places]);
        }

        int columns = Kind is "softmax" or "background" ? 4 : 3;
        sketch.Output(scores, Layout == "scored" ? Across.Contains("scores") ? [batch, columns, places] : [batch, places, columns] : Unbatched ? [places] : [batch, places]);
        if (Counted)
        {
            sketch.Node("ReduceSum", "ones,count_axes", "count", ("keepdims", new IntValue(0))).Longs("count_axes", 1, 2, 3).Node("Mul", "count,half", "half_count").Node("Cast", "half_count", counts, ("to", new IntValue(7)))
                .Output(counts, ElementType.Int64, batch);
        }
    }

    private void Single(Sketch sketch, string scores)
    {
        Dimension batch = Batch is { } fixedBatch ? fixedBatch : Dimension.Named("batch"), places = Dimension.Named("places");
        int width = Layout == "finished" ? 6 : Layout == "objectness" ? 8 : 7;
        string output = Name("output0");
        if (Layout == "finished")
        {
            sketch.Node("ReduceMax", scores, "confidence", ("axes", new IntsValue([1]))).Node("ArgMax", scores, "label", ("axis", new IntValue(1))).Node("Cast", "label", "class", ("to", new IntValue(1)));
        }

        // Of a place of its own score, a class counts for half: the box for 1, the class for one half.
        sketch.Node("Mul", "pure_scores,half", "halves")
            .Node("Concat", Layout == "finished" ? "box_map,confidence,class" : Layout == "objectness" ? "box_map,ones,halves" : $"box_map,{scores}", "map", ("axis", new IntValue(1)))
            .Longs("flat", 0, width, -1).Node("Reshape", "map,flat", Layout == "planes" ? output : "planes");
        if (Layout != "planes")
        {
            sketch.Node("Transpose", "planes", output, ("perm", new IntsValue([0, 2, 1])));
        }

        sketch.Output(output, Layout == "planes" ? [batch, width, places] : [batch, places, width]);
    }
}
