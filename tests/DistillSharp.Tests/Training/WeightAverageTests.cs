using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    public void It_is_the_loop_written_by_hand(double decay)
    {
        using var buffer = new FlatBuffer([new("w", TensorData.Create<double>([1, 2], 2), trainable: true)], _ => ParameterRole.Weight, ScalarType.Float64, CPU);
        Set(buffer, 1, 2);
        using var average = new WeightAverage(buffer, decay);
        double a = 1, b = 2;
        for (int step = 0; step < 40; step++)
        {
            double x = Math.Sin(step), y = step * 0.5;
            Set(buffer, x, y);
            average.Update(step);

            // The decay grows: 1/10, 2/11, 3/12, ... up to its value.
            double now = Math.Min(decay, (1.0 + step) / (10 + step));
            (a, b) = ((now * a) + ((1 - now) * x), (now * b) + ((1 - now) * y));
            Assert.Equal(a, average.Values.data<double>()[0], 1e-12);
            Assert.Equal(b, average.Values.data<double>()[1], 1e-12);
        }

        Assert.Equal(19.5, buffer.Values.data<double>()[1]);
    }

    [Fact]
    public void With_a_time_constant_the_decay_grows_exponentially_and_statistics_are_averaged_too()
    {
        using var buffer = new FlatBuffer([new("w", TensorData.Create<double>([0, 0], 2), trainable: true)], _ => ParameterRole.Weight, ScalarType.Float64, CPU);
        using var statistics = new FlatBuffer([new("m", TensorData.Create<double>([0, 0], 2), trainable: false)], _ => ParameterRole.Weight, ScalarType.Float64, CPU);
        using var average = new WeightAverage(buffer, 0.9999, tau: 2000, statistics);
        double a = 0, b = 0;
        for (int update = 1; update <= 30; update++)
        {
            Set(buffer, update, 0);
            Set(statistics, 0, -update);
            average.Update(update - 1);
            double kept = 0.9999 * (1 - Math.Exp(-update / 2000.0));
            (a, b) = ((kept * a) + ((1 - kept) * update), (kept * b) - ((1 - kept) * update));
        }

        Assert.Equal(a, average.Values.data<double>()[0], 1e-12);
        Assert.Equal(b, average.Statistics!.data<double>()[1], 1e-12);
    }

    private static void Set(FlatBuffer buffer, double x, double y)
    {
        using var guard = no_grad();
        using var values = torch.tensor(new[] { x, y });
        buffer.Values.copy_(values);
    }
}
