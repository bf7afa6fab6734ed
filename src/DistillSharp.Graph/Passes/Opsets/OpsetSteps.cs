namespace DistillSharp.Graph.Passes.Opsets;

/// <summary>For each operator and operator set in which its form or meaning changed: how a node of the version before is rewritten.</summary>
internal static class OpsetSteps
{
    private static readonly Dictionary<(string Operation, int Version), Action<OpsetStep>> s_steps = new()
    {
        [("BatchNormalization", 9)] = Spatial,
        [("Upsample", 9)] = step => step.Constant(1, "scales", Floats(step, "scales")),
        [("Scan", 9)] = step => throw step.Refusal("its inputs were laid out otherwise"),
        [("Upsample", 10)] = step => step.Node.Operation = "Resize",
        [("Slice", 10)] = Slice,
        [("TopK", 10)] = step => step.Constant(1, "k", TensorData.Create<long>([step.Take("k") is IntValue k ? k.Value : throw step.Refusal("it has no k")], 1)),
        [("Dropout", 10)] = DropoutMask,
        [("Clip", 11)] = Clip,
        [("Pad", 11)] = Pad,
        [("Resize", 11)] = Resize,
        [("Scatter", 11)] = step => step.Node.Operation = "ScatterElements",
        [("Dropout", 12)] = DropoutRatio,
        [("Squeeze", 13)] = step => step.IntegersToInput("axes", 1),
        [("Unsqueeze", 13)] = step => step.IntegersToInput("axes", 1),
        [("ReduceSum", 13)] = step => step.IntegersToInput("axes", 1),
        [("Split", 13)] = step => step.IntegersToInput("split", 1),
        [("Softmax", 13)] = AsMatrix,
        [("LogSoftmax", 13)] = AsMatrix,
        [("Hardmax", 13)] = AsMatrix,
        [("BatchNormalization", 14)] = TrainingOutputs,
        [("RoiAlign", 16)] = step => step.Node.Attributes.TryAdd("coordinate_transformation_mode", new TextValue("output_half_pixel")),
        [("ReduceMax", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceMin", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceMean", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceProd", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceL1", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceL2", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceLogSum", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceLogSumExp", 18)] = step => step.IntegersToInput("axes", 1),
        [("ReduceSumSquare", 18)] = step => step.IntegersToInput("axes", 1),
        [("Split", 18)] = EqualParts,
        [("GridSample", 20)] = GridSample,
        [("DFT", 20)] = step => throw step.Refusal("its axis became an input with another meaning"),
        [("GroupNormalization", 21)] = GroupNormalization,
    };

    /// <summary>How a node is rewritten for an operator set, or null if it stays as it is.</summary>
    public static Action<OpsetStep>? Find(string operation, int version) => s_steps.GetValueOrDefault((operation, version));

    private static TensorData Floats(OpsetStep step, string attribute) =>
        step.Take(attribute) is FloatsValue { Values: var values } ? TensorData.Create<float>([.. values], values.Count) : throw step.Refusal($"it has no {attribute}");

    private static void Spatial(OpsetStep step)
    {
        if (step.Take("spatial") is IntValue { Value: 0 })
        {
            throw step.Refusal("it normalises each element by itself (spatial = 0)");
        }
    }

    private static void TrainingOutputs(OpsetStep step)
    {
        for (int i = 1; i < step.Node.Outputs.Count; i++)
        {
            if (step.IsNeeded(i))
            {
                throw step.Refusal($"its output '{step.Node.Outputs[i]}' of the training form is read");
            }
        }

        while (step.Node.Outputs.Count > 1)
        {
            step.Node.Outputs.RemoveAt(1);
        }
    }

    private static void Slice(OpsetStep step)
    {
        step.IntegersToInput("starts", 1);
        step.IntegersToInput("ends", 2);
        step.IntegersToInput("axes", 3);
    }

    /// <summary>The mask was of the input's type and became Bool.</summary>
    private static void DropoutMask(OpsetStep step)
    {
        if (!step.IsNeeded(1))
        {
            return;
        }

        string mask = step.Node.Outputs[1], flags = step.Fresh("mask");
        step.Node.Outputs[1] = flags;
        step.Graph.KnownValues.Remove(mask);
        step.Insert(1, "Cast", [flags], mask).Attributes["to"] = new IntValue((long)(step.Type == ElementType.Undefined ? throw step.Refusal("the type of its mask is not known") : step.Type));
    }

    private static void DropoutRatio(OpsetStep step)
    {
        if (step.Take("ratio") is FloatValue ratio)
        {
            step.Constant(1, "ratio", TensorData.Create<float>([ratio.Value]));
        }
    }

    private static void Clip(OpsetStep step)
    {
        TensorData Bound(float value) => TensorNumbers.FromDoubles(step.Type.IsFloat() ? step.Type : ElementType.Float32, [], [value]);
        if (step.Take("min") is FloatValue min && min.Value != float.MinValue)
        {
            step.Constant(1, "min", Bound(min.Value));
        }

        if (step.Take("max") is FloatValue max && max.Value != float.MaxValue)
        {
            step.Constant(2, "max", Bound(max.Value));
        }
    }

    private static void Pad(OpsetStep step)
    {
        step.IntegersToInput("pads", 1);
        if (step.Take("value") is FloatValue value && value.Value != 0)
        {
            step.Constant(2, "value", TensorNumbers.FromDoubles(step.Type.IsFloat() ? step.Type : ElementType.Float32, [], [value.Value]));
        }
    }

    /// <summary>What version 10 did without saying so is said: coordinates by the scale alone, rounded down.</summary>
    private static void Resize(OpsetStep step)
    {
        string scales = step.Node.Inputs[1];
        step.Constant(1, "roi", TensorData.Create<float>([], 0));
        step.Node.SetInput(2, scales);
        step.Node.Attributes["coordinate_transformation_mode"] = new TextValue("asymmetric");
        step.Node.Attributes["nearest_mode"] = new TextValue("floor");
    }

    /// <summary>Before 13 the input was seen as a matrix of the dimensions before the axis by those from it on.</summary>
    private static void AsMatrix(OpsetStep step)
    {
        long axis = step.Node.Int("axis", 1);
        if (step.X is { } shape && (axis < 0 ? axis + shape.Count : axis) >= shape.Count - 1)
        {
            step.Node.Attributes["axis"] = new IntValue(-1);
            return;
        }

        string x = step.Node.Inputs[0], y = step.Node.Outputs[0], sizes = step.Fresh("sizes"), matrix = step.Fresh("matrix"), result = step.Fresh("rows");
        step.Insert(0, "Shape", [x], sizes);
        step.Insert(0, "Flatten", [x], matrix).Attributes["axis"] = new IntValue(axis);
        step.Node.Inputs[0] = matrix;
        step.Node.Outputs[0] = result;
        step.Node.Attributes["axis"] = new IntValue(-1);
        step.Insert(1, "Reshape", [result, sizes], y);
    }

    private static void EqualParts(OpsetStep step)
    {
        if (step.Node.InputOrNull(1) is null)
        {
            step.Node.Attributes["num_outputs"] = new IntValue(step.Node.Outputs.Count);
        }
    }

    private static void GridSample(OpsetStep step)
    {
        if (step.Node.Attributes.TryGetValue("mode", out var mode) && mode is TextValue { Value: "bilinear" or "bicubic" } told)
        {
            step.Node.Attributes["mode"] = new TextValue(told.Value[2..]);
        }
    }

    /// <summary>Scale and shift were one number a group and became one a channel.</summary>
    private static void GroupNormalization(OpsetStep step)
    {
        long groups = step.Node.Int("num_groups", 0);
        if (step.X is not { Count: >= 2 } shape || shape[1].Size is not (<= 1 << 20 and { } channels) || groups < 1 || channels % groups != 0)
        {
            throw step.Refusal("the number of its channels is not known, or no multiple of its groups");
        }

        for (int i = 1; i <= 2; i++)
        {
            var uses = new GraphUses(step.Graph);
            if (step.Graph.FindInitializer(step.Node.Inputs[i]) is not { Data: var data } || data.Count != groups || !data.Type.IsFloat())
            {
                throw step.Refusal("its scale and shift are no constants of one number a group");
            }

            double[] values = data.ToDoubles();
            OwnedWeight.Claim(step.Graph, uses, step.Node, i).Data =
                TensorNumbers.FromDoubles(data.Type, [channels], [.. Enumerable.Range(0, (int)channels).Select(channel => values[channel / (channels / groups)])]);
        }
    }
}
