using DistillSharp.Execution;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Factor transfer: the paraphraser's weights are the reference's and frozen.</summary>
internal static class GoldenFactorTransfer
{
    public static GoldenLossRun ChannelMean(GoldenLossCase one)
    {
        var loss = new FtLoss(new()
        {
            Convention = FtConvention.ChannelMean,
            Power = GoldenFeatureLosses.Whole(one, "p1", 2),
            P = GoldenFeatureLosses.Whole(one, "p2", 1),
            Share = one.Number("k", 0.5),
        });
        return new(loss, GoldenFeatureLosses.Maps(one))
        {
            Setup = setup =>
            {
                loss.Prepare(setup);
                Paraphrase(one, loss);
                return setup;
            },
            AdapterName = name => name.Split('.', 2) is ["translator", var rest] ? $"0.{rest}" : null,
            Further = (_, allowed) => GoldenTeachers.Near("teacher_factor_0", loss.Paraphrasers[0].Encode(one.Tensor("teacher_feat_0")), one, allowed),
        };
    }

    public static GoldenLossRun Flat(GoldenLossCase one)
    {
        int p = GoldenFeatureLosses.Whole(one, "p", 1);
        var factors = one.Arrays["student_factor"];
        return new(new FtLoss(new() { Translator = false, P = p }), new() { StudentFeatures = [one.Student("student_factor")], TeacherFeatures = [one.Tensor("teacher_factor")] })
        {
            // A sum is over all elements for p = 1, else over samples.
            Factor = one.Text("reduction", "mean") == "sum" ? (p == 1 ? factors.Values.Count : factors.Shape[0]) : 1,
        };
    }

    private static void Paraphrase(GoldenLossCase one, FtLoss loss)
    {
        var weights = loss.Paraphrasers[0].Encoder.Executor.Weights;
        using var guard = no_grad();
        foreach (var property in one.Entry.GetProperty("weights").EnumerateObject())
        {
            if (property.Value.GetString()!.Split('.', 2) is ["paraphraser", var rest] && weights.Find($"0.{rest}") is { } parameter)
            {
                FlatBuffer.View(weights.Values, parameter).copy_(one.Tensor(property.Name));
            }
        }

        loss.FreezeParaphraser();
    }
}
