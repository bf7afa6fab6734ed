using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

[Collection(Alone.Name)]
public sealed class CrdLossTests
{
    [Fact]
    public void One_sample_and_one_negative_worked_by_hand()
    {
        // Embeddings of width 1 and weight 1 are 1; so is the memory of the sample itself, the other's is -1.
        using var scope = NewDisposeScope();
        using var loss = new CrdLoss(new() { Width = 1, Temperature = 1, Momentum = 0.5 });
        var inputs = Inputs(Values([3], 1, 1), Values([2], 1, 1)) with { Indices = Whole([0], 1), Contrast = Whole([0, 1], 1, 2) };
        loss.Prepare(Setup(inputs, [0, 1]));
        SetWeights(loss, 1, 0);
        Fill(loss, [1, -1], [1, 1]);

        double positive = Math.E / (Math.E + 0.5 + 1e-7), negative = 0.5 / ((1 / Math.E) + 0.5 + 1e-7);
        Assert.Equal(-2 * (Math.Log(positive) + Math.Log(negative)), loss.Compute(inputs).ToDouble(), 1e-12);
        Assert.Equal([1, -1], Numbers(loss.State["memory.student"]));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(400)]
    public void Small_and_large_memories_give_the_formula(int samples)
    {
        using var scope = NewDisposeScope();
        using var loss = new CrdLoss(new() { Width = 4, Temperature = 0.5, Negatives = 3 });
        var inputs = Batch(ScalarType.Float64) with { Contrast = Whole([2, 5, 5, 9, 7, 1, 0, 11], 2, 4) };
        loss.Prepare(Setup(inputs, [.. Enumerable.Range(0, samples)]));
        double[] student = Numbers(loss.State["memory.student"]), teacher = Numbers(loss.State["memory.teacher"]);
        double[][] embeddings = [Embeddings(loss, "student", inputs.StudentFeatures[0]), Embeddings(loss, "teacher", inputs.TeacherFeatures[0])];

        double expected = ByLoops(embeddings[0], teacher, Numbers(inputs.Contrast), samples) + ByLoops(embeddings[1], student, Numbers(inputs.Contrast), samples);
        Assert.Equal(expected, loss.Compute(inputs).ToDouble(), 1e-10);
        Assert.Equal(1, Numbers(loss.State["memory.student"]).Skip(2 * 4).Take(4).Sum(value => value * value), 1e-12);
        Assert.Equal(student[..8], Numbers(loss.State["memory.student"])[..8]);
    }

    [Fact]
    public void A_resumed_run_goes_on_as_if_it_had_not_stopped()
    {
        using var scope = NewDisposeScope();
        var options = new CrdLossOptions { Width = 4, Negatives = 6 };
        using CrdLoss first = new(options), second = new(options);
        var inputs = Batch(ScalarType.Float32);
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        first.Prepare(Setup(inputs, labels));
        second.Prepare(Setup(inputs, labels));
        first.Compute(inputs with { Step = 4 });
        using (no_grad())
        {
            foreach (var (name, value) in first.State)
            {
                second.State[name].copy_(value);
            }
        }

        double next = first.Compute(inputs with { Step = 5 }).ToDouble();
        Assert.Equal(next, second.Compute(inputs with { Step = 5 }).ToDouble());
        Assert.NotEqual(next, first.Compute(inputs with { Step = 6 }).ToDouble());
    }

    [Theory]
    [InlineData(0.07)]
    [InlineData(0.005)]
    public void Sharp_temperatures_stay_finite(double temperature)
    {
        using var scope = NewDisposeScope();
        using var loss = new CrdLoss(new() { Width = 4, Negatives = 6, Temperature = temperature });
        var inputs = Batch(ScalarType.Float32);
        loss.Prepare(Setup(inputs, [.. Enumerable.Range(0, 30)]));
        for (int step = 0; step < 5; step++)
        {
            var (value, gradient) = WithGradient(loss, inputs with { Step = step });
            Assert.True(double.IsFinite(value) && value > 0);
            Assert.All(gradient, number => Assert.True(double.IsFinite(number)));
        }
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        // What earlier tests forgot must not be freed meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var inputs = Batch(ScalarType.Float32);
        long before = Tensor.TotalCount;
        using (var loss = new CrdLoss(new() { Width = 4, Negatives = 6 }))
        {
            loss.Prepare(Setup(inputs, [.. Enumerable.Range(0, 30)]));
            loss.Compute(inputs).Dispose();
            long prepared = Tensor.TotalCount;
            loss.Compute(inputs with { Step = 1 }).Dispose();
            Assert.Equal(prepared, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        var inputs = Batch(ScalarType.Float32);
        Assert.Contains("sample labels", Assert.Throws<ArgumentException>(() => new CrdLoss(new()).Prepare(Setup(inputs, []))).Message, StringComparison.Ordinal);
        Assert.Contains("class 3", Assert.Throws<ArgumentException>(() => new CrdLoss(new()).Prepare(Setup(inputs, [3, 3]))).Message, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => new CrdLossOptions { Negatives = 0 }).ActualValue);
        Assert.Equal(1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CrdLossOptions { Momentum = 1 }).ActualValue);
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CrdLossOptions { Temperature = 0 }).ActualValue);
    }

    private static LossInputs Batch(ScalarType type) => Inputs(Drawn(1, type, 2, 5), Drawn(2, type, 2, 7)) with { Indices = Whole([2, 7], 2) };

    private static LossSetup Setup(LossInputs inputs, int[] labels) => new()
    {
        Shapes = LossShapes.Of(inputs),
        SampleLabels = labels,
        Precision = inputs.StudentFeatures[0].dtype == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32,
    };

    private static Tensor Whole(long[] values, params long[] shape) => torch.tensor(values, shape);

    private static void Fill(CrdLoss loss, double[] memories, double[] constants)
    {
        using var guard = no_grad();
        loss.State["memory.student"].copy_(Values(memories, memories.Length, 1));
        loss.State["memory.teacher"].copy_(Values(memories, memories.Length, 1));
        loss.State["normalization"].copy_(Values(constants, 2));
    }

    /// <summary>Unit embeddings of one side, computed from the adapter's weights.</summary>
    private static double[] Embeddings(CrdLoss loss, string side, Tensor features)
    {
        var weights = loss.Adapters[0].Executor.Weights;
        var weight = DistillSharp.Execution.FlatBuffer.View(weights.Values, weights.Find($"0.{side}.weight")!);
        var bias = DistillSharp.Execution.FlatBuffer.View(weights.Values, weights.Find($"0.{side}.bias")!);
        var rows = features.matmul(weight.t()) + bias;
        return Numbers(rows / rows.square().sum([1], keepdim: true).sqrt());
    }

    private static double ByLoops(double[] embeddings, double[] memory, double[] contrast, int samples)
    {
        double[] scores = [.. contrast.Select((row, i) => Math.Exp(Enumerable.Range(0, 4).Sum(d => embeddings[(i / 4 * 4) + d] * memory[((int)row * 4) + d]) / 0.5))];
        double z = scores.Average() * samples, noise = 3.0 / samples;
        return -scores.Select((score, i) => Math.Log((i % 4 == 0 ? score / z : noise) / ((score / z) + noise + 1e-7))).Sum() / 2;
    }
}
