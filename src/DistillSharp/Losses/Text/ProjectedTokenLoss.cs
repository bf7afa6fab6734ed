using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Text;

/// <summary>A loss of hidden states, pair by pair, behind a trained linear projection of the student's wherever widths differ.</summary>
/// <param name="options">The options such losses share.</param>
public abstract class ProjectedTokenLoss(FeatureLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.Tokens };

    /// <inheritdoc/>
    public override LossAgreement Agreement => Adapter is null ? LossAgreement.Zero : LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        foreach (var (student, teacher) in shapes.StudentFeatures.Zip(shapes.TeacherFeatures))
        {
            if (student.Count is not (2 or 3) || student.Count != teacher.Count)
            {
                throw new ArgumentException($"{GetType().Name} compares hidden states [N, L, D], but the student gave {LossShapes.Text(student)} and the teacher {LossShapes.Text(teacher)}. Tap the output of a layer in both.");
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("projections");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            int student = (int)setup.Shapes.StudentFeatures[i][^1], teacher = (int)setup.Shapes.TeacherFeatures[i][^1];
            if (student != teacher)
            {
                string x = b.Input($"student.{i}", Dimension.Named(GraphBuilder.BatchSymbol), student);
                outputs.Add(new(b.Linear($"{i}.proj", x, teacher, Initialization.Normal(0.02)), ElementType.Float32, null));
            }
        }

        return outputs.Count == 0 ? null : b.Build(outputs);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor[] students = [.. inputs.StudentFeatures.Select(Pick)], teachers = [.. inputs.TeacherFeatures.Select(Pick)];
        var wanted = Enumerable.Range(0, students.Length).Where(i => students[i].shape[^1] != teachers[i].shape[^1]).ToList();
        var projected = wanted.Count == 0 ? null : Adapt(inputs.Step, wanted.Select(i => ($"student.{i}", Rows(students[i]))));
        Tensor? total = null;
        for (int i = 0; i < students.Length; i++)
        {
            var student = wanted.Contains(i) ? Like(teachers[i], projected![$"{i}.proj"]) : students[i];
            var term = Term(student, teachers[i], inputs.Mask);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static Tensor Rows(Tensor states) => states.Dimensions == 2 ? states : states.reshape(-1, states.shape[^1]);

    private static Tensor Like(Tensor teacher, Tensor rows) => teacher.Dimensions == 2 ? rows : rows.reshape(teacher.shape);

    /// <summary>The tokens of a feature that are compared. All by default.</summary>
    /// <param name="feature">Hidden states, <c>[N, L, D]</c>.</param>
    protected virtual Tensor Pick(Tensor feature) => feature;

    /// <summary>The loss of one pair.</summary>
    /// <param name="student">The student's hidden states, as wide as the teacher's.</param>
    /// <param name="teacher">The teacher's, without gradient.</param>
    /// <param name="mask">Which tokens count, <c>[N, L]</c>; null where all do.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Term(Tensor student, Tensor teacher, Tensor? mask);
}
