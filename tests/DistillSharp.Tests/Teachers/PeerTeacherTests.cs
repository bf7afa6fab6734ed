using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Losses.Response;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.Tests.Training;
using DistillSharp.Training;

namespace DistillSharp.Tests.Teachers;

/// <summary>A peer is trained as the student is: clipped, constrained, averaged, and kept at its best epoch.</summary>
public sealed class PeerTeacherTests
{
    private static readonly TrainingOptions s_options = new()
    {
        WarmupEpochs = 0,
        ClipNorm = 0,
        Epochs = 1,
        Batch = 10,
        Schedule = new("constant"),
        Optimizer = new("sgd", new SgdOptions { LearningRate = 1, Momentum = 0, WeightDecay = 0 }),
    };

    [Fact]
    public void Its_gradient_is_clipped_by_its_own_norm()
    {
        // One step at rate 1 moves a peer by its gradient.
        double free = Moved(s_options);

        Assert.Equal(free / 3, Moved(s_options with { ClipNorm = free / 3 }), free * 1e-4);
        Assert.Equal(free, Moved(s_options with { ClipNorm = free * 1.01 }), free * 1e-6);
    }

    [Fact]
    public void The_norm_of_each_units_weights_stays_below_the_bound()
    {
        var weights = Numbers(Train(s_options with { MaxNorm = 0.5 }).Peer);

        Assert.All(weights.Take(6 * 192).Chunk(192), unit => Assert.True(Math.Sqrt(unit.Sum(value => value * value)) <= 0.5001));
    }

    [Fact]
    public void Its_weights_are_averaged_from_the_start_on()
    {
        // The first decay is 1 / 10, the second 2 / 11.
        var options = s_options with { Schedule = new("constant"), Optimizer = new("sgd", new SgdOptions { LearningRate = 0.1, Momentum = 0, WeightDecay = 0 }) };
        double[] start = Numbers(Graph()), one = Numbers(Train(options).Peer), two = Numbers(Train(options with { Epochs = 2 }).Peer);
        double[] averaged = Numbers(Train(options with { Epochs = 2, EmaDecay = 0.99 }).Peer);

        for (int i = 0; i < start.Length; i++)
        {
            Assert.Equal((2 / 11.0 * ((0.1 * start[i]) + (0.9 * one[i]))) + (9 / 11.0 * two[i]), averaged[i], 1e-5);
        }
    }

    [Fact]
    public void It_is_kept_at_the_latest_epoch_within_one_standard_error_of_its_highest_score()
    {
        // The better it learns, the worse it scores: without held-out images a peer is the last epoch's.
        var options = s_options with { Batch = 5, Optimizer = new("sgd", new SgdOptions { LearningRate = 0.05, Momentum = 0, WeightDecay = 0 }) };
        var wrong = SmallRun.Pictures(2_000, seed: 1, mislabelled: true);
        var epochs = Enumerable.Range(1, 6).Select(count => Train(options with { Epochs = count }).Peer).ToList();
        var scores = epochs.ConvertAll(peer => Score(peer, wrong));
        double highest = scores.Max(score => score.Top1), error = Math.Sqrt(highest * (1 - highest) / wrong.Count);
        int best = Enumerable.Range(0, 6).Last(i => scores[i].Top1 >= highest - error);
        Assert.NotEqual(5, best);

        Assert.Equal(Numbers(epochs[best]), Numbers(Train(options with { Epochs = 6 }, wrong).Peer));
    }

    [Fact]
    public void A_resumed_run_keeps_the_same_peer()
    {
        using TemporaryFolder whole = new(), broken = new();
        var wrong = SmallRun.Pictures(2_000, seed: 1, mislabelled: true);
        var options = s_options with { Epochs = 5, Batch = 4, NominalBatch = 8, EmaDecay = 0.9, ClipNorm = 1, Optimizer = new("sgd", new SgdOptions { LearningRate = 0.05 }) };
        double[] expected = Numbers(Train(options, wrong, whole).Peer);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(options, wrong, broken, stop, new WatchingObserver { AtStep = at => { if (at.Step == 10) { stop.Cancel(); } } }));

        Assert.Equal(expected, Numbers(Train(options, wrong, broken).Peer));
    }

    private static double Moved(TrainingOptions options) =>
        Math.Sqrt(Numbers(Graph()).Zip(Numbers(Train(options).Peer), (before, after) => (after - before) * (after - before)).Sum());

    private static (byte[] Student, ModelGraph Peer) Train(TrainingOptions options, ISampleSource? heldOut = null, TemporaryFolder? folder = null, CancellationTokenSource? stop = null, params WatchingObserver[] observers)
    {
        using var kd = new KdLoss(new());
        using var peers = new PeerTeacher([Graph()], 1, options, [[new KdLoss(new())]], SmallRun.Classes, seed: 3);
        var setup = SmallRun.Setup(SmallRun.Mlp(4), options, folder?.Path, observers) with { HeldOut = heldOut, Objective = new(1, 0, peers, [("kd", kd)]), Resume = true };
        return (new Trainer(setup).Train(stop?.Token ?? TestContext.Current.CancellationToken).Model, peers.GraphOf(0));
    }

    private static ModelGraph Graph() => SmallRun.Mlp(6);

    private static double[] Numbers(ModelGraph graph) => [.. graph.Initializers.Where(weight => weight.Trainable).SelectMany(weight => weight.Data.AsSpan<float>().ToArray()).Select(value => (double)value)];

    private static (double Top1, double Loss) Score(ModelGraph graph, ISampleSource data)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        var score = Evaluator.Evaluate(session, data, new() { Input = SmallRun.Card.Input, BatchSize = 256, Workers = 0 }).Score;
        return (score.Top1, score.Nll);
    }
}
