using DistillSharp.Graph;
using DistillSharp.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>A batch that gives a loss what it declares to need, and nothing else: made from its needs alone, so that a loss added later is tested too.</summary>
internal sealed class LossBatch
{
    public const int Samples = 5, Classes = 10, Tokens = 4;

    private readonly LossNeeds _needs;
    private readonly ScalarType _type;
    private ulong _draws;

    /// <param name="needs">What the loss needs.</param>
    /// <param name="type">The precision.</param>
    /// <param name="alike">Whether the student's values are the teacher's.</param>
    /// <param name="scale">How large values are.</param>
    /// <param name="teacherSamples">The teacher's batch size: another is a mistake.</param>
    /// <param name="teacherClasses">The teacher's classes: others are a mistake.</param>
    public LossBatch(LossNeeds needs, ScalarType type, bool alike = false, double scale = 1, int teacherSamples = Samples, int teacherClasses = Classes)
    {
        (_needs, _type) = (needs, type);
        bool text = needs.Features is FeatureKind.Tokens or FeatureKind.Attention or FeatureKind.AttentionAndTokens or FeatureKind.QueryKeyValue;
        long[] logits = text ? [Samples, Tokens, Classes] : [Samples, Classes];
        var inputs = new LossInputs { Step = 3 };
        if (needs.Uses(LossInput.Logits))
        {
            Teacher.Add(Draw(2 * scale, text ? [teacherSamples, Tokens, teacherClasses] : [teacherSamples, teacherClasses]));
            inputs = needs.Uses(LossInput.TeacherLogits) ? inputs with { TeacherLogits = Teacher[^1].requires_grad_() } : inputs;
        }

        if (needs.Uses(LossInput.StudentLogits))
        {
            Student.Add(alike ? Leaf(Teacher[^1]) : Draw(2 * scale, logits).requires_grad_());
            inputs = inputs with { StudentLogits = Student[^1] };
        }

        var (students, teachers) = Shapes(needs, alike);
        var features = teachers.Select(shape => Draw(scale, [teacherSamples, .. shape[1..]]).requires_grad_()).ToList();
        var own = students.Select((shape, i) => alike ? Leaf(features[i]) : Draw(scale, shape).requires_grad_()).ToList();
        Teacher.AddRange(features);
        Student.AddRange(own);
        inputs = inputs with { StudentFeatures = own, TeacherFeatures = features };
        if (needs.Uses(LossInput.Labels))
        {
            inputs = inputs with { Labels = arange(text ? Samples * Tokens : Samples, ScalarType.Int64).mul(3).remainder(Classes).reshape(text ? [Samples, Tokens] : [Samples]) };
        }

        inputs = needs.Uses(LossInput.Indices) ? inputs with { Indices = arange(Samples, ScalarType.Int64) } : inputs;
        inputs = needs.Uses(LossInput.Mask) && text ? inputs with { Mask = tensor(new[] { 1.0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1 }, [Samples, Tokens]).to(type) } : inputs;
        inputs = needs.Uses(LossInput.RowWeights) ? inputs with { RowWeights = linspace(0.5, 1.5, Samples, ScalarType.Float64).to(type) } : inputs;
        if (needs.Uses(LossInput.Boxes))
        {
            var corners = tensor(new[] { 2.0, 3, 20, 25, 10, 1, 40, 30, 0, 0, 47, 47 }, [3, 4]).to(type);
            inputs = inputs with { Boxes = new(corners, tensor([0L, 0L, 3L]), [.. Enumerable.Repeat((48, 48), Samples)]) };
        }

        inputs = needs.Uses(LossInput.TeacherScores) ? inputs with { TeacherScores = [Draw(scale, [Samples, 3, teachers.Sum(shape => shape[2] * shape[3])]).requires_grad_()] } : inputs;
        Teacher.AddRange(inputs.TeacherScores);
        if (needs.Uses(LossInput.StudentMaps))
        {
            // A detector's maps of pictures of 64 x 64 with 3 classes.
            inputs = inputs with { StudentMaps = [.. new long[] { 8, 4, 2 }.Select(side => Draw(scale, [Samples, 67, side, side]).requires_grad_())] };
            Student.AddRange(inputs.StudentMaps);
        }

        inputs = needs.Uses(LossInput.TeacherBoxes)
            ? inputs with { TeacherBoxes = tensor(new[] { 0, 1, 0.5, 0.45, 0.7, 0.6, 0.9, 0, 2, 0.42, 0.5, 0.5, 0.55, 0.4, 3, 0, 0.6, 0.6, 0.61, 0.5, 0.7 }, [3, 7]).to(type) } : inputs;
        Inputs = inputs;
        Setup = new()
        {
            Shapes = LossShapes.Of(inputs),
            Precision = type == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32,
            SampleLabels = [.. Enumerable.Range(0, 40).Select(i => i % Classes)],
            TeacherClassifier = teachers.Count > 0 ? (Data(Classes, teachers[^1][1]), Data(Classes)) : null,
            TeacherNorms = [.. teachers.Select(shape => (Data(shape[1]), Data(shape[1])))],
        };
    }

    public LossInputs Inputs { get; }

    public LossSetup Setup { get; }

    /// <summary>The student's values: leaves that gradients must reach.</summary>
    public List<Tensor> Student { get; } = [];

    /// <summary>The teacher's values, which ask for gradients that must not come.</summary>
    public List<Tensor> Teacher { get; } = [];

    /// <summary>The shapes of the features that a loss needs: the teacher's wider, unless widths must be equal.</summary>
    private static (List<long[]> Student, List<long[]> Teacher) Shapes(LossNeeds needs, bool alike)
    {
        if (!needs.Uses(LossInput.Features))
        {
            return ([], []);
        }

        long Wide(long narrow, long wide) => alike || needs.EqualWidths ? narrow : wide;
        List<long[]> maps = [[Samples, 4, 6, 6], [Samples, 6, 3, 3]], wideMaps = [[Samples, Wide(4, 7), 6, 6], [Samples, Wide(6, 8), 3, 3]];
        (List<long[]>, List<long[]>) Take(int count) => (maps[^count..], wideMaps[^count..]);
        int tokens = Math.Clamp(2, needs.LeastFeatures, needs.MostFeatures);
        return needs.Features switch
        {
            FeatureKind.Maps or FeatureKind.PreActivations => Take(Math.Clamp(2, needs.LeastFeatures, Math.Min(2, needs.MostFeatures))),
            FeatureKind.MiddleMap or FeatureKind.LastMap => Take(1),
            FeatureKind.MapsAndEmbedding => ([.. maps, [Samples, 8]], [.. wideMaps, [Samples, Wide(8, 9)]]),
            FeatureKind.Embedding => ([[Samples, 8]], [[Samples, Wide(8, 12)]]),
            FeatureKind.Tokens => (Repeat(tokens, [Samples, Tokens, 6]), Repeat(tokens, [Samples, Tokens, Wide(6, 9)])),
            FeatureKind.Attention => (Repeat(1, [Samples, 2, Tokens, Tokens]), Repeat(1, [Samples, 2, Tokens, Tokens])),
            FeatureKind.AttentionAndTokens =>
                ([.. Repeat(1, [Samples, 2, Tokens, Tokens]), .. Repeat(2, [Samples, Tokens, 6])], [.. Repeat(alike ? 1 : 2, [Samples, 2, Tokens, Tokens]), .. Repeat(alike ? 2 : 3, [Samples, Tokens, Wide(6, 9)])]),
            FeatureKind.QueryKeyValue => (Repeat(3, [Samples, Tokens, 48]), Repeat(3, [Samples, Tokens, Wide(48, 96)])),
            _ => throw new InvalidOperationException($"No batch is known for {needs.Features}."),
        };
    }

    private static List<long[]> Repeat(int count, long[] shape) => [.. Enumerable.Repeat(shape, count)];

    private static Tensor Leaf(Tensor teacher) => teacher.detach().clone().requires_grad_();

    private TensorData Data(params long[] shape)
    {
        using var drawn = Draw(0.5, shape);
        using var single = drawn.to(ScalarType.Float32);
        return TensorData.Create<float>([.. single.data<float>()], shape);
    }

    private Tensor Draw(double scale, long[] shape)
    {
        using var generator = new Generator(++_draws);
        using var drawn = randn(shape, ScalarType.Float64, generator: generator);
        return (drawn * scale).to(_type, copy: true);
    }
}
