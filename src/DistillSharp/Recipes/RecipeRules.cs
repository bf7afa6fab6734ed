using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>What holds between a recipe's parts. Told also where other parts have mistakes, so that all are told at once.</summary>
internal static class RecipeRules
{
    public static void Check(RecipeBinder bound, YamlMappingNode root, RecipeSource source)
    {
        if (bound.Made<TeacherSettings>() is { Exists: false } || IsEmpty(root, "teacher"))
        {
            source.Report(Find(root, "teacher"), "The teacher needs 'model' (it is trained first) or 'weights' (a finished ONNX file). Leave 'teacher' out to train the student alone.");
        }

        if (bound.Made<TeacherSettings>() is { Model: not null, Weights: not null })
        {
            source.Report(Find(root, "teacher"), "The teacher has both 'model' and 'weights'; give the one that is meant: a finished file is not trained.");
        }

        if (bound.Made<TeacherSettings>() is { Model: not null, Weights: null, Input.Any: true })
        {
            source.Report(Find(root, "teacher"), "'size', 'mean' and 'std' tell what a finished file wants ('weights'); a teacher that is trained here sees the data's pictures.");
        }

        if (bound.Made<StudentSettings>() is { Model: not null, Weights: null, Input.Any: true })
        {
            source.Report(Find(root, "student"), "'size', 'mean' and 'std' tell what a file wants ('weights'); a student whose weights are drawn sees the data's pictures.");
        }

        if (bound.Made<StudentSettings>() is { Model: null, Weights: null } or { Model: not null, Weights: not null })
        {
            source.Report(Find(root, "student"), "The student needs 'model' (its weights are drawn) or 'weights' (an ONNX file to train on from), and not both.");
        }

        if (bound.Made<DistillationSettings>() is { TuneBias: true } && bound.Made<DataSettings>() is { Omit.Count: 0 })
        {
            source.Report(Find(root, "distillation"), "'tune-bias' tunes the biases of the omitted classes, but 'data.omit' names none.");
        }

        SchemeRules.Check(bound, root, source);
        if (IsEmpty(root, "quantization"))
        {
            source.Report(Find(root, "quantization"), "'quantization' has no value: '{}' makes the student INT8 with the defaults, and without the key it stays in float.");
        }

        if (bound.Made<Recipe>() is { ControlTraining: not null, ControlEpochs: > 0 })
        {
            source.Report(Find(root, "control-epochs"), "The control's epochs are given twice, by 'control-epochs' and by 'control-training'; say them in 'control-training'.");
        }
    }

    private static bool IsEmpty(YamlMappingNode root, string key) => root.Children.TryGetValue(new YamlScalarNode(key), out var value) && RecipeBinder.IsNull(value);

    internal static YamlNode Find(YamlMappingNode root, string key) =>
        root.Children.Keys.FirstOrDefault(child => child is YamlScalarNode scalar && scalar.Value == key) ?? root;
}
