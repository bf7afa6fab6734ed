using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Native;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>What a detector is trained for: its own loss with true boxes, distillation losses with a teacher's answers, or both. It owns neither teacher nor losses.</summary>
internal sealed class DetectionObjective
{
    /// <summary>The key of the detector's own loss.</summary>
    public const string Own = "detection";

    /// <summary>True boxes alone: how teachers and controls are trained.</summary>
    /// <param name="loss">The detector's own loss.</param>
    public DetectionObjective(DetectionLoss loss)
        : this(loss, 1, null, [], new())
    {
    }

    /// <summary>Creates an objective.</summary>
    /// <param name="loss">The detector's own loss.</param>
    /// <param name="hard">Its weight; 0 leaves it out.</param>
    /// <param name="teacher">The teacher; null where no loss needs one.</param>
    /// <param name="losses">The distillation losses with their taps.</param>
    /// <param name="cells">At which cells class scores and box sides are compared.</param>
    /// <exception cref="ArgumentException">Nothing is left to learn from.</exception>
    public DetectionObjective(DetectionLoss loss, double hard, DetectionTeacher? teacher, IReadOnlyList<LossTerm> losses, CellSelection cells)
    {
        if (hard == 0 && losses.All(term => term.Loss.Weight == 0))
        {
            throw new ArgumentException("There is nothing to learn from: the detector's own loss and every distillation loss have weight 0.", nameof(hard));
        }

        (Loss, Hard, Teacher, Losses, Cells) = (loss, hard, teacher, losses, cells);
        TermKeys = [.. hard > 0 ? [Own] : Array.Empty<string>(), .. losses.Select(term => term.Key)];
    }

    /// <summary>The detector's own loss.</summary>
    public DetectionLoss Loss { get; }

    /// <summary>The weight of the detector's own loss.</summary>
    public double Hard { get; }

    /// <summary>The teacher.</summary>
    public DetectionTeacher? Teacher { get; }

    /// <summary>The distillation losses.</summary>
    public IReadOnlyList<LossTerm> Losses { get; }

    /// <summary>At which cells class scores and box sides are compared.</summary>
    public CellSelection Cells { get; }

    /// <summary>The classes that the teacher knows; null for all.</summary>
    public IReadOnlyList<int>? KnownClasses { get; init; }

    /// <summary>What keeps the terms' gradients in proportion; null where weights are taken as they are.</summary>
    public GradientBalance? Balance { get; init; }

    /// <summary>The keys of the terms, the detector's own loss first.</summary>
    public IReadOnlyList<string> TermKeys { get; }

    /// <summary>The student's values that the losses tap.</summary>
    public IReadOnlyList<string> StudentTaps => [.. Losses.SelectMany(term => term.StudentTaps).Distinct(StringComparer.Ordinal)];

    /// <summary>Computes every term of a batch.</summary>
    /// <param name="maps">The student's raw maps.</param>
    /// <param name="outputs">All its values.</param>
    /// <param name="batch">The batch, as the student saw it.</param>
    /// <param name="moment">Where in the run the batch stands.</param>
    /// <returns>
    /// The terms in the order of <see cref="TermKeys"/>, each for one picture, with weights that carry the number of pictures: the detector's own loss is published as a sum
    /// over them. And the items of the detector's own loss.
    /// </returns>
    public DetectionTerms Terms(IReadOnlyList<Tensor> maps, NamedTensors outputs, DetectionBatch batch, TrainingMoment moment)
    {
        var terms = new List<(double, Tensor)>(Losses.Count + 1);
        using var targets = TensorConversion.FromFloats(batch.Targets.Span, [batch.Targets.Length / 6, 6], maps[0].dtype is ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, maps[0].device);
        (double, double, double) items = default;
        IReadOnlyList<AnchorMatch> matches = [];
        int known = batch.Count - batch.UnlabelledCount;
        var labelled = Labelled(maps, known, batch.Count);
        try
        {
            if (Hard > 0)
            {
                using var value = Loss.Compute(labelled, targets);
                (items, matches) = ((value.Box, value.Class, value.Distribution), value.Matches);
                terms.Add((Hard * Balanced(0) * known, value.Total.div(Number.Of((double)known))));
            }
            else if (Losses.Any(term => term.Loss.Needs.Uses(LossInput.Logits)))
            {
                matches = Loss.Assign(labelled, targets);
            }

            if (Losses.Count > 0)
            {
                using var answers = Teacher?.Teach(batch);
                using var scope = NewDisposeScope();
                var given = new DetectionInputs(this, maps, outputs, batch, answers, matches, moment);
                foreach (var term in Losses)
                {
                    double weight = term.Loss.WeightAt(moment.Progress, moment.Epoch) * Balanced(terms.Count) * batch.Count;
                    terms.Add((weight, term.Loss.Compute(given.For(term)).MoveToOuterDisposeScope()));
                }
            }
        }
        catch
        {
            terms.ForEach(term => term.Item2.Dispose());
            throw;
        }
        finally
        {
            if (!ReferenceEquals(labelled, maps))
            {
                foreach (var map in labelled)
                {
                    map.Dispose();
                }
            }
        }

        return new(terms, items);
    }

    /// <summary>Builds the losses' adapters from the shapes that a real batch has.</summary>
    /// <param name="executor">The student; its weights and statistics stay as they are.</param>
    /// <param name="batch">A batch of training pictures.</param>
    /// <param name="setup">All but the shapes.</param>
    /// <exception cref="ArgumentException">A loss cannot compare what it is given; the message names the shapes.</exception>
    public void Prepare(GraphExecutor executor, DetectionTrainingBatch batch, LossSetup setup)
    {
        // Adapters outlive the batch that tells their shapes.
        foreach (var (term, shapes) in Losses.Zip(ShapesOf(executor, batch)))
        {
            term.Loss.Prepare(term.Setup(setup with { Shapes = shapes }));
        }
    }

    private LossShapes[] ShapesOf(GraphExecutor executor, DetectionTrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var pixels = batch.Input(executor, step: 0);
        using var outputs = executor.Evaluate(pixels);
        using var answers = Teacher?.Teach(batch.Seen);
        var given = new DetectionInputs(this, [.. DetectionTask.Maps.Select(name => outputs[name])], outputs, batch.Seen, answers, [], default);
        return [.. Losses.Select(term => LossShapes.Of(given.For(term)))];
    }

    /// <summary>The maps of the pictures with labels, which come first.</summary>
    private static IReadOnlyList<Tensor> Labelled(IReadOnlyList<Tensor> maps, int known, int all) => known == all ? maps : [.. maps.Select(map => map.narrow(0, 0, known))];

    private double Balanced(int term) => Balance?.FactorOf(term) ?? 1;
}

/// <summary>A batch's terms.</summary>
/// <param name="All">Weight and scalar of each; the caller disposes the scalars.</param>
/// <param name="Items">The items of the detector's own loss: boxes, class scores, distributions.</param>
internal readonly record struct DetectionTerms(IReadOnlyList<(double Weight, Tensor Value)> All, (double Box, double Class, double Distribution) Items);
