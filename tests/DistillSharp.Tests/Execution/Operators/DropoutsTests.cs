using DistillSharp.Execution;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

public sealed class DropoutsTests
{
    private const int Count = 100_000;

    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Dropout"] = () => new OneNode("Dropout", 3, 4).Scalar(0.5f),
        ["Dropout without a ratio"] = () => new OneNode("Dropout", 3, 4),
        ["Dropout as it was before opset 12"] = () => new OneNode("Dropout", 3, 4).Float("ratio", 0.3f).Opset(11),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_is_that_of_central_differences_under_one_mask(string name) => Cases[name]().GradientsAgreeWithDifferences();

    [Theory]
    [InlineData(0.5f, 17)]
    [InlineData(0.2f, 17)]
    [InlineData(0.9f, 17)]
    [InlineData(0.3f, 11)]
    public void A_share_near_the_ratio_is_zeroed_and_the_rest_is_scaled_up(float ratio, int opset)
    {
        using var executor = new GraphExecutor(Wide(ratio, opset), new() { Seed = 3 });

        float[] values = Train(executor, step: 0);

        double share = Math.Round((double)ratio, 3);
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - (2 / (1 - share))) < 1e-5, $"{value} is neither 0 nor 2 / (1 - {share})"));
        double sigma = Math.Sqrt(Count * share * (1 - share));
        Assert.InRange(values.Count(value => value == 0), (Count * share) - (5 * sigma), (Count * share) + (5 * sigma));
    }

    [Fact]
    public void The_mask_is_a_function_of_seed_and_step()
    {
        using var first = new GraphExecutor(Wide(0.5f, 17), new() { Seed = 3 });
        using var same = new GraphExecutor(Wide(0.5f, 17), new() { Seed = 3 });
        using var other = new GraphExecutor(Wide(0.5f, 17), new() { Seed = 4 });
        float[] mask = Train(first, step: 7);

        Train(first, step: 8);
        Assert.Equal(mask, Train(first, step: 7));
        Assert.Equal(mask, Train(same, step: 7));
        Different(mask, Train(first, step: 8));
        Different(mask, Train(other, step: 7));
    }

    [Fact]
    public void Evaluation_changes_nothing()
    {
        using var executor = new GraphExecutor(Wide(0.5f, 17));
        using var x = full([Count], 2f);
        using var outputs = executor.Evaluate(x);

        Assert.All(outputs["y0"].data<float>(), value => Assert.Equal(2f, value));
    }

    [Fact]
    public void A_ratio_of_zero_drops_nothing_in_training()
    {
        using var executor = new GraphExecutor(Wide(0, 17));

        Assert.All(Train(executor, step: 0), value => Assert.Equal(2f, value));
    }

    [Fact]
    public void A_node_that_says_it_trains_drops_in_evaluation_too_and_its_mask_says_what()
    {
        var graph = new OneNode("Dropout", Count).Scalar(0.2f).Flag(true).Outputs(2).Graph;
        using var executor = new GraphExecutor(graph);
        using var x = full([Count], 2f);
        using var outputs = executor.Evaluate(x);

        float[] values = [.. outputs["y0"].data<float>()];
        bool[] mask = [.. outputs["y1"].data<bool>()];
        Assert.Equal(mask.Select(kept => kept ? 2.5f : 0), values);
        double sigma = Math.Sqrt(Count * 0.2 * 0.8);
        Assert.InRange(mask.Count(kept => !kept), (Count * 0.2) - (5 * sigma), (Count * 0.2) + (5 * sigma));
    }

    [Fact]
    public void A_node_that_says_it_does_not_train_follows_the_executor()
    {
        new OneNode("Dropout", 3, 4).Scalar(0.5f).Flag(false).AgreesWithTheSession();
        using var executor = new GraphExecutor(new OneNode("Dropout", Count).Scalar(0.5f).Flag(false).Graph);

        Different(Train(executor, step: 0), [.. Enumerable.Repeat(4f, Count)]);
    }

    [Theory]
    [InlineData(7, ScalarType.Float32)]
    [InlineData(10, ScalarType.Bool)]
    public void Up_to_opset_9_the_mask_has_the_type_of_the_data(int opset, ScalarType type)
    {
        using var executor = new GraphExecutor(new OneNode("Dropout", 4).Outputs(2).Opset(opset).Graph);
        using var x = full([4], 2f);
        using var outputs = executor.Evaluate(x);

        Assert.Equal(type, outputs["y1"].dtype);
        using var all = outputs["y1"].ne(0).all();
        Assert.True(all.item<bool>());
    }

    private static void Different(float[] a, float[] b) =>
        Assert.InRange(a.Zip(b).Count(pair => pair.First != pair.Second), Count * 0.4, Count * 0.6);

    private static ModelGraph Wide(float ratio, int opset) =>
        (opset >= 12 ? new OneNode("Dropout", Count).Scalar(ratio) : new OneNode("Dropout", Count).Float("ratio", ratio).Opset(opset)).Graph;

    private static float[] Train(GraphExecutor executor, long step)
    {
        using var x = full([Count], 2f);
        using var outputs = executor.Train(x, step);
        return [.. outputs["y0"].data<float>()];
    }
}
