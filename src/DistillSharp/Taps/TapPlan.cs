using DistillSharp.Graph;
using DistillSharp.Losses;

namespace DistillSharp.Taps;

/// <summary>What a loss taps: its pairs found in both graphs, and what it needs of the teacher's weights.</summary>
public sealed record TapPlan
{
    /// <summary>The student's values, in order.</summary>
    public IReadOnlyList<string> Student { get; private init; } = [];

    /// <summary>The teacher's values, in order.</summary>
    public IReadOnlyList<string> Teacher { get; private init; } = [];

    /// <summary>The pairs with their shapes, to print; empty where the loss compares no features.</summary>
    public string Told { get; private init; } = "";

    /// <summary>The shapes of a batch; null where the graphs do not tell all of them.</summary>
    public LossShapes? Shapes { get; private init; }

    /// <summary>The teacher's last layer, where the loss needs it.</summary>
    public (TensorData Weight, TensorData Bias)? TeacherClassifier { get; private init; }

    /// <summary>The scales and biases of the batch normalisations before the teacher's taps, where the loss needs them.</summary>
    public IReadOnlyList<(TensorData Scale, TensorData Bias)> TeacherNorms { get; private init; } = [];

    /// <summary>Makes the plan of a loss, and checks that its taps can be compared.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher; null for a loss that needs none.</param>
    /// <exception cref="GraphException">A tap is not there, or the teacher lacks a layer that the loss needs.</exception>
    public static TapPlan Of(DistillationLoss loss, TapModel student, TapModel? teacher)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(student);
        var plan = new TapPlan { Shapes = new() { StudentLogits = student.ShapeOf(student.Logits), TeacherLogits = teacher?.ShapeOf(teacher.Logits) } };
        if (teacher is null)
        {
            return plan;
        }

        if (loss.Needs.Asks(LossInput.TeacherClassifier))
        {
            plan = plan with { TeacherClassifier = TeacherParts.Classifier(teacher) };
        }

        if (!loss.Needs.Asks(LossInput.Features))
        {
            return plan;
        }

        // Values that are named stand for themselves; a proposal must be as many as the loss takes.
        IReadOnlyList<TapPair> pairs = loss.Taps.Count > 0
            ? [.. loss.Taps.Select(TapPair.Parse).Select(pair => new TapPair(TapNames.Find(student.Graph, pair.Student, student.Name), TapNames.Find(teacher.Graph, pair.Teacher, teacher.Name)))]
            : [.. TapProposal.Of(loss.Needs.Features, student, teacher).TakeLast(loss.Needs.MostFeatures)];
        string[] students = [.. pairs.Select(pair => pair.Student)], teachers = [.. pairs.Select(pair => pair.Teacher)];
        IReadOnlyList<long>?[] studentShapes = [.. students.Select(student.ShapeOf)], teacherShapes = [.. teachers.Select(teacher.ShapeOf)];
        bool known = studentShapes.All(shape => shape is not null) && teacherShapes.All(shape => shape is not null);
        return plan with
        {
            Student = students,
            Teacher = teachers,
            Told = string.Join(", ", pairs.Select((pair, i) => $"{pair.Student} {LossShapes.Text(studentShapes[i])} = {pair.Teacher} {LossShapes.Text(teacherShapes[i])}")),
            Shapes = known ? plan.Shapes! with { StudentFeatures = studentShapes!, TeacherFeatures = teacherShapes! } : null,
            TeacherNorms = loss.Needs.Asks(LossInput.TeacherNorms) ? [.. teachers.Select(value => TeacherParts.Norm(teacher, value))] : [],
        };
    }

    /// <summary>What the loss is told before the first batch.</summary>
    /// <param name="setup">Shapes, seed, precision and device.</param>
    public LossSetup Complete(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return setup with { TeacherClassifier = TeacherClassifier, TeacherNorms = TeacherNorms };
    }
}
