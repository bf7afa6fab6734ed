using DistillSharp.Detection.Losses;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using DistillSharp.Losses.Response;
using DistillSharp.Plugins;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Detection.Distillation;

/// <summary>The losses of a detector's distillation with the taps they found, and what the teacher must be asked for. It owns the losses.</summary>
internal sealed class DetectionLossPlan : IDisposable
{
    private DetectionLossPlan(IReadOnlyList<LossTerm> terms, IReadOnlyList<string> notes) => (Terms, Notes) = (terms, notes);

    /// <summary>The losses.</summary>
    public IReadOnlyList<LossTerm> Terms { get; }

    /// <summary>The pairs that were found, a line a loss.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What the first teacher is asked for.</summary>
    public DetectionQuestion Question => new(
        [.. Terms.SelectMany(term => term.TeacherTaps).Distinct(StringComparer.Ordinal)],
        Terms.Any(term => ReadsCells(term.Loss)),
        Terms.Any(term => term.Loss.Needs.Uses(LossInput.TeacherBoxes)));

    /// <summary>The losses that a recipe leaves to the teacher.</summary>
    /// <param name="settings">The recipe's word.</param>
    /// <param name="teacher">The first teacher.</param>
    /// <param name="several">Whether there are more.</param>
    public static IReadOnlyList<PluginChoice<DistillationLoss>> LossesOf(DetectionDistillationSettings settings, TeacherFile teacher, bool several) =>
        settings.Losses.Count > 0 ? settings.Losses
        : teacher.Head is null || several ? [new("boxes", new BoxesLossOptions())]
        : [new("score-weighted", new ScoreWeightedLossOptions()), new("sigmoid-kd", new SigmoidKdLossOptions()), new("ld", new LdLossOptions())];

    /// <summary>Makes the losses, finds their taps, and checks what can be compared.</summary>
    /// <param name="choices">The losses.</param>
    /// <param name="plugins">Where they are found.</param>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The first teacher.</param>
    /// <exception cref="DataException">A loss cannot compare these models; the message names the loss.</exception>
    public static DetectionLossPlan Of(IEnumerable<PluginChoice<DistillationLoss>> choices, PluginCatalogs plugins, TapModel student, TeacherFile teacher)
    {
        var terms = new List<LossTerm>();
        var notes = new List<string>();
        string at = "?";
        try
        {
            terms.AddRange(LossTerm.Of(choices.Select(choice => (at = choice.Key, plugins.Losses.Create(choice)))));
            for (int i = 0; i < terms.Count; i++)
            {
                var term = terms[i];
                at = term.Key;
                Require(term.Loss, teacher);
                var plan = TapPlan.Of(term.Loss, student, teacher.Graph);
                if (plan.Shapes is { } shapes && student.Head is { } head)
                {
                    long[] rows = term.Loss.Needs.Logits == LogitKind.BoxSides ? [1, head.Bins] : [1, head.Classes];
                    term.Loss.Check(shapes with { StudentLogits = rows, TeacherLogits = rows });
                }

                terms[i] = term with { StudentTaps = plan.Student, TeacherTaps = plan.Teacher, Setup = plan.Complete };
                if (plan.Told.Length > 0)
                {
                    notes.Add($"{term.Key} compares (student = teacher) {plan.Told}");
                }
            }

            return new(terms, notes);
        }
        catch (Exception error) when (error is GraphException or ArgumentException)
        {
            terms.ForEach(term => term.Loss.Dispose());
            throw new DataException($"The loss '{at}' cannot be used with these models. {error.Message.Split(" (Parameter", 2)[0]}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var term in Terms)
        {
            term.Loss.Dispose();
        }
    }

    private static void Require(DistillationLoss loss, TeacherFile teacher)
    {
        var missing = loss.Needs.Inputs & ~DetectionInputs.Known;
        if (missing != LossInput.None)
        {
            throw new ArgumentException($"It needs {LossChecks.Words(missing)}, which pictures with boxes do not have.");
        }

        if (loss.StudyEpochs > 0 || loss.BringsPredictor)
        {
            throw new ArgumentException(loss.BringsPredictor ? "It brings a classifier for the end of the student's file, which a detector does not have." : "It studies the teacher beforehand, which is done for classifiers.");
        }

        if (teacher.Head is null && (ReadsCells(loss) || loss.Needs.Uses(LossInput.Features)))
        {
            throw new ArgumentException($"It compares the models cell by cell, but the teacher {teacher.Otherwise}. Use the loss 'boxes', for which any detector will do.");
        }

        if (ReadsCells(loss) && teacher.Classes.FromData.Contains(-1))
        {
            throw new ArgumentException("It compares class scores cell by cell, but the teacher does not know all of the data's classes. Use the loss 'boxes'.");
        }
    }

    private static bool ReadsCells(DistillationLoss loss) => loss.Needs.Uses(LossInput.Logits | LossInput.TeacherScores);
}
