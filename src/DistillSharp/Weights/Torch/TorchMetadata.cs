using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>What a checkpoint's dictionary and the saved model in it say of themselves.</summary>
internal static class TorchMetadata
{
    private const int MostStrides = 16;

    /// <summary>Reads it.</summary>
    /// <param name="top">The checkpoint's dictionary; null if the file is a model.</param>
    /// <param name="model">The saved model; null if the weights are a state dict.</param>
    /// <param name="elements">Reads the strides, which are a tensor.</param>
    public static CheckpointMetadata Of(PickleDict? top, PickleObject? model, TensorElements elements)
    {
        var training = PlainValues.Dictionary(top?.Find("train_args")) ?? PlainValues.Dictionary(model?.Attribute("args")) ?? new Dictionary<string, object?>();
        var yaml = PlainValues.Dictionary(model?.Attribute("yaml")) ?? PlainValues.Dictionary(top?.Find("yaml"));
        var names = Names(model?.Attribute("names") ?? top?.Find("names"));
        return new()
        {
            Names = names,
            Classes = (model?.Attribute("nc") ?? top?.Find("nc") ?? yaml?.GetValueOrDefault("nc")) is long count and > 0 and <= int.MaxValue ? (int)count : names?.Count,
            Strides = model?.Attribute("stride") is TorchTensor { Shape: [<= MostStrides] } strides && FloatElements.ToFloat32(elements.Read(strides)) is { Type: Graph.ElementType.Float32 } read
                ? [.. read.AsSpan<float>().ToArray().Select(stride => (double)stride)] : [],
            Task = CheckpointValues.Text(model?.Attribute("task") ?? training.GetValueOrDefault("task")) ?? TaskOf(model?.Type.Name),
            ModelClass = model?.Type.FullName,
            License = CheckpointValues.Text(top?.Find("license")),
            Version = CheckpointValues.Text(top?.Find("version")),
            Date = CheckpointValues.Text(top?.Find("date")),
            Epoch = top?.Find("epoch") as long?,
            TrainingArguments = training,
            Yaml = yaml,
        };
    }

    private static IReadOnlyDictionary<int, string>? Names(object? names) => names switch
    {
        PickleDict dict => CheckpointValues.Names(dict.Items.Select(pair => (pair.Key, pair.Value))),
        PickleList list => CheckpointValues.Names(list.Items.Select((name, i) => ((object?)(long)i, name))),
        _ => null,
    };

    private static string? TaskOf(string? model) => model switch
    {
        "DetectionModel" => "detect",
        "ClassificationModel" => "classify",
        "SegmentationModel" => "segment",
        "PoseModel" => "pose",
        "OBBModel" => "obb",
        _ => null,
    };
}
