using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Teachers;

/// <summary>
/// Other students that learn at the same time and teach the student, as it teaches them (deep mutual learning, Zhang et al., arXiv:1706.00384). What each is taught is the mean of the
/// others' probabilities: the divergence from it has the gradient of the mean of the divergences from each.
/// </summary>
public sealed class PeerTeacher : Teacher
{
    private readonly Cohort _cohort;

    /// <summary>Creates the peers.</summary>
    /// <param name="peers">Their graphs, weights drawn.</param>
    /// <param name="hard">The weight of the hard labels' cross-entropy for each.</param>
    /// <param name="training">How each is trained: optimizer, label smoothing, clipping by its own norm, norm constraint, average. Rates and momentum follow the student's.</param>
    /// <param name="losses">The losses each has toward the others: of logits alone. One list a peer; owned.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">The seed of their dropout.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="plugins">Where their optimizers are found; null for what is built in.</param>
    public PeerTeacher(
        IReadOnlyList<ModelGraph> peers, double hard, TrainingOptions training, IReadOnlyList<IReadOnlyList<DistillationLoss>> losses, int classes, long seed, string device = "cpu", PluginCatalogs? plugins = null)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(training);
        ClassCount = classes;
        _cohort = new([.. peers.Select((graph, i) => new Peer(graph, losses[i], training, plugins ?? PluginCatalogs.BuiltIn, new() { Device = device, Seed = seed + i + 1 }))], hard, training.LabelSmoothing);
    }

    /// <inheritdoc/>
    public override string LogitsName => "logits";

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override Companion? Companion => _cohort;

    /// <summary>How many peers there are.</summary>
    public int Count => _cohort.Peers.Count;

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch) => throw new InvalidOperationException("Peers learn while they teach: they are asked with the student's logits and the labels.");

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch, Tensor student, Tensor labels, TrainingMoment moment) => new(new() { [LogitsName] = _cohort.Meet(batch, student, labels, moment) });

    /// <summary>A peer's graph with the weights of its best epoch, chosen as the student's is.</summary>
    /// <param name="peer">Which, 0-based.</param>
    public ModelGraph GraphOf(int peer) => _cohort.Peers[peer].Kept.Best();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cohort.Free();
        base.Dispose(disposing);
    }

    private sealed class Cohort(IReadOnlyList<Peer> peers, double hard, double labelSmoothing) : Companion
    {
        private readonly List<Tensor> _losses = [];

        public override string Name => "peers";

        public IReadOnlyList<Peer> Peers => peers;

        internal override IReadOnlyList<KeptModel> Models => [.. peers.Select(peer => peer.Kept)];

        /// <summary>Shows a batch to all peers; gives the mean of their probabilities as logits, and keeps their losses for the backward pass.</summary>
        public Tensor Meet(Batch batch, Tensor student, Tensor labels, TrainingMoment moment)
        {
            Forget();
            using var scope = NewDisposeScope();
            var answers = new List<Tensor>();
            foreach (var peer in peers)
            {
                var outputs = peer.Executor.Train(BatchTensors.Pixels(batch, peer.Executor), moment.Step);
                answers.Add(outputs[outputs.Names.First()]);
            }

            Tensor[] all = [student.detach(), .. answers.Select(answer => answer.detach())];
            for (int i = 0; i < peers.Count; i++)
            {
                var others = Mean([.. all.Where((_, j) => j != i + 1)]);
                var total = new HardLabels(answers[i], labels).CrossEntropy(answers[i], labelSmoothing).mul(Number.Of(hard));
                var inputs = new LossInputs { StudentLogits = answers[i], TeacherLogits = others, Labels = labels, Progress = moment.Progress, Epoch = moment.Epoch, Step = moment.Step };
                foreach (var loss in peers[i].Losses)
                {
                    total = total.Plus(loss.Compute(inputs).mul(Number.Of(loss.WeightAt(moment.Progress, moment.Epoch))));
                }

                _losses.Add(total.DetachFromDisposeScope());
            }

            return Mean(all[1..]).MoveToOuterDisposeScope();
        }

        public override void Backward(double share)
        {
            foreach (var loss in _losses)
            {
                using var counted = loss.mul(Number.Of(share));
                counted.backward();
            }

            Forget();
        }

        public override void ZeroGradients()
        {
            foreach (var peer in peers)
            {
                peer.Network.ZeroGradients();
            }
        }

        public override void ScaleGradients(double factor)
        {
            foreach (var peer in peers)
            {
                peer.Network.ScaleGradients(factor);
            }
        }

        public override void Step(OptimizerStep step)
        {
            foreach (var peer in peers)
            {
                peer.Network.Step(step);
            }
        }

        public void Free()
        {
            Forget();
            foreach (var peer in peers)
            {
                peer.Dispose();
            }
        }

        internal override void Save(IDictionary<string, TensorData> tensors, bool pending)
        {
            for (int i = 0; i < peers.Count; i++)
            {
                peers[i].Save($"{Name}.{i}.", tensors, pending);
            }
        }

        internal override void Load(SavedTensors state, bool pending)
        {
            for (int i = 0; i < peers.Count; i++)
            {
                peers[i].Load($"{Name}.{i}.", state, pending);
            }
        }

        /// <summary>The mean of probabilities, as logits.</summary>
        private static Tensor Mean(Tensor[] logits) => logits.Length == 1 ? logits[0] : logsumexp(log_softmax(stack(logits), dim: -1), dim: 0).sub(Number.Of(Math.Log(logits.Length)));

        private void Forget()
        {
            foreach (var loss in _losses)
            {
                loss.Dispose();
            }

            _losses.Clear();
        }
    }
}
