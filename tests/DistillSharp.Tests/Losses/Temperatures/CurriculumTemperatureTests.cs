using DistillSharp.Adapters;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Losses.Temperatures;
using DistillSharp.Plugins;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Temperatures;

public sealed class CurriculumTemperatureTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    [InlineData(20, 1)]
    public void The_reversal_grows_along_half_a_cosine(int epoch, double expected)
    {
        Assert.Equal(expected, new CurriculumTemperature(new()).ReversalAt(epoch), 1e-14);
        Assert.Equal(3 * expected, new CurriculumTemperature(new() { Strongest = 3 }).ReversalAt(epoch), 1e-14);
    }

    [Fact]
    public void It_starts_where_the_options_say()
    {
        double expected = 2 + (10 / (1 + Math.Exp(-0.5)));
        var options = new CurriculumTemperatureOptions { Lowest = 2, Range = 10, Start = 0.5 };
        Assert.Equal(expected, new CurriculumTemperature(options).At(4, 0, 0), 1e-14);

        var inputs = Inputs();
        using var loss = new KdLoss(new() { TemperatureSchedule = new("curriculum", options) });
        using var value = loss.Compute(inputs);
        Assert.Equal(Value(new KdLoss(new() { Temperature = expected }), inputs), value.ToDouble(), 1e-5);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void A_step_of_the_reversed_gradient_climbs_the_loss(int epoch)
    {
        var inputs = Inputs() with { Epoch = epoch };
        using var loss = new KdLoss(new() { TemperatureSchedule = new("curriculum") });
        using var before = loss.Compute(inputs);
        before.backward();
        var adapter = Assert.Single(loss.Adapters);
        Assert.Equal(epoch == 5 ? -0.5 : -1, adapter.GradientFactor, 1e-14);

        Descend(adapter, 0.1);
        using var after = loss.Compute(inputs);

        Assert.True(after.ToDouble() > before.ToDouble() + 1e-6, $"{before.ToDouble()} became {after.ToDouble()}");
    }

    [Fact]
    public void At_the_start_p_stays_where_it_is()
    {
        using var loss = new KdLoss(new() { TemperatureSchedule = new("curriculum") });
        using var value = loss.Compute(Inputs());

        Assert.Equal(0, Assert.Single(loss.Adapters).GradientFactor, 1e-14);
    }

    [Theory]
    [InlineData("kd")]
    [InlineData("dkd")]
    [InlineData("jsd")]
    [InlineData("logit-mse")]
    [InlineData("soft-cross-entropy")]
    public void The_gradient_of_p_is_that_of_central_differences(string key)
    {
        var inputs = Inputs() with { Labels = tensor([0L, 5L, 2L, 2L]) };
        using var loss = Create(key, null);
        using var value = loss.Compute(inputs);
        value.backward();

        double At(double p) => Value(Create(key, 1 + (20 / (1 + Math.Exp(-p)))), inputs);
        double expected = (At(1 + 1e-5) - At(1 - 1e-5)) / 2e-5;
        Assert.Equal(expected, Numbers(loss.Adapters[0].Executor.Gradients)[0], 1e-6 * Math.Max(1, Math.Abs(expected)));
    }

    /// <summary>The loss at a temperature, or one that learns it.</summary>
    private static DistillationLoss Create(string key, double? temperature)
    {
        PluginChoice<TemperatureSchedule>? learned = temperature is null ? new("curriculum") : null;
        double fixedAt = temperature ?? 4;
        return key switch
        {
            "kd" => new KdLoss(new() { Temperature = fixedAt, TemperatureSchedule = learned }),
            "dkd" => new DkdLoss(new() { Temperature = fixedAt, TemperatureSchedule = learned }),
            "jsd" => new JsdLoss(new() { Temperature = fixedAt, TemperatureSchedule = learned }),
            "logit-mse" => new LogitMseLoss(new() { Temperature = fixedAt, TemperatureSchedule = learned }),
            _ => new SoftCrossEntropyLoss(new() { Temperature = fixedAt, TemperatureSchedule = learned }),
        };
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CurriculumTemperatureOptions { Lowest = 0 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CurriculumTemperatureOptions { Range = -1 }).ActualValue);
        Assert.Equal(double.NaN, Assert.Throws<ArgumentOutOfRangeException>(() => new CurriculumTemperatureOptions { Start = double.NaN }).ActualValue);
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => new CurriculumTemperatureOptions { Epochs = 0 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CurriculumTemperatureOptions { Strongest = -1 }).ActualValue);
    }

    /// <summary>What a trainer does: a step against the gradient times the adapter's factor.</summary>
    private static void Descend(AdapterNetwork adapter, double rate)
    {
        using var guard = no_grad();
        adapter.Executor.Weights.Values.sub_(adapter.Executor.Gradients * (rate * adapter.GradientFactor));
    }

    private static LossInputs Inputs() => new() { StudentLogits = (Random(1, 4, 6) * 3).requires_grad_(), TeacherLogits = Random(2, 4, 6) * 5 };
}
