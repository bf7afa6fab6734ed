using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Passes;
using DistillSharp.Losses;
using DistillSharp.Recipes;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>What must hold where a loss brings the end of the student's file: the end stands behind the body that was trained with it, and holds the layer that the tapped feature went into.</summary>
internal static class PredictorRules
{
    /// <summary>Checks a distillation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="plan">Its losses.</param>
    /// <param name="hard">The weight of the hard labels beside them.</param>
    /// <param name="last">Whether they are the last stage's.</param>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher; null where there is none.</param>
    /// <returns>What there is to remark; null for nothing.</returns>
    /// <exception cref="DataException">The end cannot be used so.</exception>
    public static string? Check(Recipe recipe, DistillationPlan plan, double hard, bool last, TapModel student, TapModel? teacher)
    {
        if (plan.Terms.FirstOrDefault(term => term.Loss.BringsPredictor) is not { } term || teacher is null)
        {
            return null;
        }

        string? complaint =
            !last || recipe.Assistants.Count > 0 || recipe.Generations > 1 || recipe.SelfTeacher is not null || recipe.Mutual is not null
                ? "It goes with a finished teacher and the last stage alone: use it without assistants, generations, peers or self-teacher, and not in 'stages'."
            : recipe.Training.EmaDecay > 0 ? "What it brings is not averaged, so it would stand behind a body it was not trained with: set training.ema-decay to 0."
            : term.Loss.Weight == 0 ? "With weight 0 what it brings is never trained: leave it out."
            : !teacher.Stages.GoesIntoLastLayer(term.TeacherTaps[0]) ? $"The teacher's '{term.TeacherTaps[0]}' is not what goes, averaged, into its last layer. Leave 'taps' out, or tap that."
            : ShapeInference.Find(student.Graph, term.StudentTaps[0])?.Type is { } type and not (ElementType.Float32 or ElementType.Undefined) ? $"It is written in Float32, but the student's '{term.StudentTaps[0]}' is {type}."
            : Graft(student, term);
        if (complaint is not null)
        {
            throw new DataException($"The loss '{term.Key}' brings the end of the student's file. {complaint}");
        }

        string[] wasted = [.. hard > 0 ? [FormattableString.Invariant($"the hard labels (weight {hard:0.####})")] : Array.Empty<string>(), .. plan.Terms.Where(other => other.Loss.Needs.Uses(LossInput.StudentLogits)).Select(other => $"'{other.Key}'")];
        return wasted.Length == 0 ? null
            : $"the student's file ends in what '{term.Key}' puts behind '{term.StudentTaps[0]}'; {string.Join(" and ", wasted)} teach its own end, which is thrown away: use '{term.Key}' alone, with hard: 0";
    }

    /// <summary>Tries an end that does nothing; why none can be put there, or null.</summary>
    private static string? Graft(TapModel student, LossTerm term)
    {
        var b = new GraphBuilder("end");
        string x = b.Input("x", [Dimension.Named(GraphBuilder.BatchSymbol), 1, 1, 1]);
        var end = b.Build([new GraphValue(b.Relu("y", x), ElementType.Float32, null)]);
        try
        {
            new GraftPass(term.StudentTaps[0], end, term.Key).Apply(student.Graph);
            return null;
        }
        catch (GraphException error)
        {
            return error.Message;
        }
    }
}
