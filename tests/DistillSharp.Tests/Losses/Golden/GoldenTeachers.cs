using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Losses.Feature;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Numerics;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>What a reference case knows of its teacher beside its values, and further values of the reference that follow from it.</summary>
internal static class GoldenTeachers
{
    public static (TensorData Weight, TensorData Bias) Classifier(GoldenLossCase one) => (Data(one.Arrays["weight_teacher_classifier_weight"]), Data(one.Arrays["weight_teacher_classifier_bias"]));

    public static IReadOnlyList<(TensorData Scale, TensorData Bias)> Norms(GoldenLossCase one) =>
        [.. one.Numbered("teacher_bn_weight").Zip(one.Numbered("teacher_bn_bias"), (scale, bias) => (Data(one.Arrays[scale]), Data(one.Arrays[bias])))];

    public static void MarginsAgree(GoldenLossCase one)
    {
        var norms = Norms(one);
        foreach (var (name, (scale, bias)) in one.Numbered("margin").Zip(norms))
        {
            Assert.Equal(one.Arrays[name].Values, [.. NegativeMargins.Of(scale, bias).Select(margin => (double)margin)]);
        }
    }

    public static void PredictionsAgree(GoldenLossCase one, SimKdLoss loss, double allowed)
    {
        if (!one.Has("student_predicted_logits"))
        {
            return;
        }

        using var executor = new GraphExecutor(loss.WritePredictor(), new() { Precision = one.Type == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32 });
        Near("student_predicted_logits", executor.Train(one.Student("student_feat_0"), 0)["logits"], one, allowed);
    }

    public static void Near(string array, Tensor found, GoldenLossCase one, double allowed)
    {
        if (one.Has(array))
        {
            using var numbers = found.detach().to(ScalarType.Float64).reshape(-1).contiguous();
            double error = CentralDifferences.RelativeError([.. numbers.data<double>()], one.Arrays[array].Values);
            Assert.True(error <= allowed, $"{one.File}: {array} is off by {error:0.###E0}, allowed is {allowed:0.#E0}");
        }
    }

    private static TensorData Data(NpyArray array) => TensorData.Create<float>([.. array.Values.Select(value => (float)value)], [.. array.Shape]);
}
