using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>The losses of a distillation with the taps they found in student and teacher. It owns the losses.</summary>
internal sealed class DistillationPlan : IDisposable
{
    private DistillationPlan(IReadOnlyList<LossTerm> terms, IReadOnlyList<string> notes) => (Terms, Notes) = (terms, notes);

    /// <summary>The losses.</summary>
    public IReadOnlyList<LossTerm> Terms { get; }

    /// <summary>The pairs that were found, a line a loss.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The teacher's values that are tapped.</summary>
    public IReadOnlyList<string> TeacherTaps => [.. Terms.SelectMany(term => term.TeacherTaps).Distinct(StringComparer.Ordinal)];

    /// <summary>Makes the losses, finds their taps, and checks what can be compared.</summary>
    /// <param name="choices">The losses.</param>
    /// <param name="plugins">Where they are found.</param>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher; null where there is none, or none that is a graph.</param>
    /// <exception cref="DataException">A loss cannot compare these models; the message names the loss.</exception>
    public static DistillationPlan Of(IEnumerable<PluginChoice<DistillationLoss>> choices, PluginCatalogs plugins, TapModel student, TapModel? teacher)
    {
        var terms = new List<LossTerm>();
        var notes = new List<string>();
        try
        {
            foreach (var term in LossTerm.Of(choices.Select(choice => (choice.Key, plugins.Losses.Create(choice)))))
            {
                terms.Add(term);
                if (term.Loss.BringsPredictor && terms.Find(other => other.Loss.BringsPredictor) is { } first && first != term)
                {
                    throw new ArgumentException($"It brings the end of the student's file, and so does '{first.Key}'; take one of them.");
                }

                var plan = TapPlan.Of(term.Loss, student, teacher);
                if (plan.Shapes is { TeacherLogits: not null } shapes)
                {
                    term.Loss.Check(shapes);
                }

                terms[^1] = term with { StudentTaps = plan.Student, TeacherTaps = plan.Teacher, Setup = plan.Complete };
                if (plan.Told.Length > 0)
                {
                    notes.Add($"{term.Key} compares (student = teacher) {plan.Told}");
                }
            }

            return new(terms, notes);
        }
        catch (Exception error) when (error is Graph.GraphException or ArgumentException)
        {
            string key = terms.Count > 0 ? terms[^1].Key : "?";
            terms.ForEach(term => term.Loss.Dispose());
            throw new DataException($"The loss '{key}' cannot be used with these models. {error.Message.Split(" (Parameter", 2)[0]}", error);
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
}
