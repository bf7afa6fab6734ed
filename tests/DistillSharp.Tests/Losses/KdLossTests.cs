using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class KdLossTests
{
    [Fact]
    public void Two_classes_worked_by_hand()
    {
        // Softened by T = 2, the teacher's (2 ln 3, 0) gives (3/4, 1/4), the student's equal logits (1/2, 1/2).
        using var student = torch.tensor(new[] { 1.0, 1.0 }, [1, 2]);
        using var teacher = torch.tensor(new[] { 2 * Math.Log(3), 0 }, [1, 2]);

        double expected = 4 * ((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)));
        Assert.Equal(expected, Loss(2, student, teacher), 1e-14);
    }

    [Fact]
    public void At_a_high_temperature_it_matches_logits()
    {
        // Section 2.1 of the paper: the gradient tends to (z - v) / C for logits whose mean is zero.
        using var generator = new Generator(3);
        using var student = Centred(generator);
        using var teacher = Centred(generator);
        using var leaf = student.clone().requires_grad_();
        using var loss = new KdLoss(new() { Temperature = 1e4 }).Compute(leaf, teacher);
        loss.backward();

        using var difference = student - teacher;
        using var expected = difference / (4.0 * 10);
        Assert.True(CentralDifferences.RelativeError(Numbers(leaf.grad!), Numbers(expected)) < 1e-3);

        using var squares = difference.square();
        using var half = squares.sum() / (2.0 * 4 * 10);
        Assert.Equal(half.ToDouble(), loss.ToDouble(), half.ToDouble() * 1e-3);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 1)]
    [InlineData(ScalarType.Float32, 0.05)]
    public void Large_logits_stay_finite(ScalarType type, double temperature)
    {
        using var student = torch.tensor(new[] { 50.0, -50, -50, -50, 50, -50 }, [2, 3]).to(type).requires_grad_();
        using var teacher = torch.tensor(new[] { -50.0, 50, -50, -50, 50, -50 }, [2, 3]).to(type);
        using var loss = new KdLoss(new() { Temperature = temperature }).Compute(student, teacher);
        loss.backward();

        // One row agrees; of the other the teacher is sure of one class and the student 100 / T below it.
        Assert.Equal(0.5 * temperature * temperature * (100 / temperature), loss.ToDouble(), 0.5 * temperature * 100 * 1e-5);
        Assert.All(Numbers(student.grad!), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 2)]
    [InlineData(3, 1000)]
    public void Any_batch_and_number_of_classes_gives_the_formula(int batch, int classes)
    {
        using var generator = new Generator(5);
        using var student = randn([batch, classes], ScalarType.Float64, generator: generator);
        using var teacher = randn([batch, classes], ScalarType.Float64, generator: generator);

        Assert.Equal(ByLoops(Numbers(student), Numbers(teacher), batch, classes, 3), Loss(3, student, teacher), 1e-12);
    }

    [Fact]
    public void The_batch_is_averaged_and_the_rows_are_independent()
    {
        using var generator = new Generator(5);
        using var student = randn([2, 4], ScalarType.Float64, generator: generator);
        using var teacher = randn([2, 4], ScalarType.Float64, generator: generator);
        double[] rows = [.. Enumerable.Range(0, 2).Select(i => Loss(4, student.narrow(0, i, 1), teacher.narrow(0, i, 1)))];

        Assert.Equal(rows.Average(), Loss(4, student, teacher), 1e-14);
    }

    [Fact]
    public void The_temperature_is_what_the_report_draws()
    {
        Assert.Equal(7, new KdLoss(new() { Temperature = 7 }).Temperature);
        Assert.Equal(4, new KdLoss(new()).Temperature);
        Assert.Equal(0.25, new KdLoss(new() { Weight = 0.25 }).Weight);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_that_makes_no_sense_is_refused_with_its_value(double temperature)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new KdLossOptions { Temperature = temperature });
        Assert.Contains("above 0", error.Message, StringComparison.Ordinal);
        Assert.Equal(temperature, error.ActualValue);
    }

    [Fact]
    public void Hard_labels_may_have_a_share()
    {
        using var student = torch.tensor(new[] { 0.0, 0, 0, 0 }, [2, 2]);
        using var teacher = torch.tensor(new[] { Math.Log(3), 0, 0, Math.Log(3) }, [2, 2]);
        using var labels = torch.tensor(new long[] { 0, -1 });
        var loss = new KdLoss(new() { Temperature = 1, Hard = 0.25 });
        using var value = loss.Compute(new LossInputs { StudentLogits = student, TeacherLogits = teacher, Labels = labels });

        // Both rows have soft labels, one a hard one.
        double soft = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        Assert.Equal((0.25 * Math.Log(2)) + (0.75 * soft), value.ToDouble(), 1e-14);
        Assert.Contains("labels", Assert.Throws<ArgumentException>(() => loss.Compute(student, teacher)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_of_hard_labels_that_makes_no_sense_is_refused(double hard) =>
        Assert.Equal(hard, Assert.Throws<ArgumentOutOfRangeException>(() => new KdLossOptions { Hard = hard }).ActualValue);

    private static double ByLoops(double[] student, double[] teacher, int batch, int classes, double t)
    {
        double total = 0;
        for (int i = 0; i < batch; i++)
        {
            double[] s = Softmax(student[(i * classes)..((i + 1) * classes)], t), p = Softmax(teacher[(i * classes)..((i + 1) * classes)], t);
            total += p.Zip(s, (a, b) => a * Math.Log(a / b)).Sum();
        }

        return t * t * total / batch;
    }

    private static double[] Softmax(double[] logits, double t)
    {
        double sum = logits.Sum(value => Math.Exp(value / t));
        return [.. logits.Select(value => Math.Exp(value / t) / sum)];
    }

    private static Tensor Centred(Generator generator)
    {
        using var values = randn([4, 10], ScalarType.Float64, generator: generator);
        using var mean = values.mean([1], keepdim: true);
        return values - mean;
    }

    private static double Loss(double temperature, Tensor student, Tensor teacher)
    {
        using var loss = new KdLoss(new() { Temperature = temperature }).Compute(student, teacher);
        return loss.ToDouble();
    }

    private static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.detach().to(ScalarType.Float64).reshape(-1);
        return [.. numbers.data<double>()];
    }
}
