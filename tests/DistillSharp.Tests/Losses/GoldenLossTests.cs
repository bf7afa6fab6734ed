using DistillSharp.Losses;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Numerics;
using DistillSharp.Tests.Training;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

/// <summary>
/// Against the values of public reference implementations. The kd loss and the objective it stands in cover these methods,
/// each by the convention that <c>index.json</c> states; a case whose convention they do not cover is left out.
/// </summary>
[Trait("Category", "Golden")]
public sealed class GoldenLossTests
{
    public static TheoryData<string, ScalarType, double> Methods
    {
        get
        {
            var data = new TheoryData<string, ScalarType, double>();
            foreach (string method in new[] { "kd", "kd_hard_soft", "kd_soft_ce", "tinybert_prediction", "tfkd_self", "label_smoothing" })
            {
                data.Add(method, ScalarType.Float64, 1e-9);
                data.Add(method, ScalarType.Float32, 1e-4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Loss_and_gradient_are_the_references(string method, ScalarType type, double tolerance)
    {
        string[] files = Directory.GetFiles(SharedFolder.Golden("losses"), $"{method}__*.npz");
        int run = 0;
        foreach (string file in files)
        {
            var arrays = NpzFile.Read(file);
            if (!arrays.ContainsKey("temperature"))
            {
                Agrees(method, Path.GetFileName(file), arrays, type, tolerance);
                run++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run} of {files.Length} cases of {method} in {type}");
        Assert.True(run > 0, $"No case of '{method}' was found.");
    }

    private static void Agrees(string method, string file, IReadOnlyDictionary<string, NpyArray> arrays, ScalarType type, double tolerance)
    {
        var given = arrays["student_logits"];
        long classes = given.Shape[^1];
        using var student = Rows(given, type).requires_grad_();
        using var teacher = arrays.TryGetValue("teacher_logits", out var logits) ? Rows(logits, type) : null;
        double t = Hyper(arrays, "T") ?? 1;
        var (hard, soft, smoothing) = Weights(method, arrays, t, classes);
        using var kd = new StubTeacher(() => teacher!.alias(), (int)classes);
        var objective = new Objective(hard, smoothing, soft > 0 ? kd : null, soft > 0 ? [("kd", new KdLoss(new() { Temperature = t, Weight = soft }))] : []);
        using var labels = arrays.TryGetValue("labels", out var classesGiven) ? torch.tensor(classesGiven.Values.Select(value => (long)value).ToArray()) : zeros(student.shape[0], ScalarType.Int64);

        var terms = objective.Terms(student, labels, NoBatch());
        using var total = Objective.Total(terms);
        total.backward();
        terms.ToList().ForEach(term => term.Value.Dispose());

        // The reference smooths in float32: its targets are off by 1e-8 of themselves.
        double allowed = method == "label_smoothing" ? Math.Max(tolerance, 1e-7) : tolerance;
        double loss = total.ToDouble() + (method is "kd_soft_ce" or "tinybert_prediction" ? soft * t * t * Entropy(teacher!, t) : 0);
        double lossError = CentralDifferences.RelativeError([loss], [arrays["loss"].Scalar]);
        double gradientError = CentralDifferences.RelativeError(Numbers(student.grad!), arrays["grad_student_logits"].Values);
        Assert.True(lossError <= allowed, $"{file}: the loss is {loss} instead of {arrays["loss"].Scalar}");
        Assert.True(gradientError <= allowed, $"{file}: the gradient is off by {gradientError}");
    }

    /// <summary>The weights of hard labels and kd, and the smoothing, that make up a method by its convention.</summary>
    private static (double Hard, double Soft, double Smoothing) Weights(string method, IReadOnlyDictionary<string, NpyArray> arrays, double t, long classes)
    {
        double? alpha = Hyper(arrays, "alpha");
        return method switch
        {
            "kd" => (0, 1, 0),
            "kd_hard_soft" when alpha is null or 0 || !arrays.ContainsKey("labels") => (0, 1 / (t * t), 0),
            "kd_hard_soft" => (alpha.Value, Hyper(arrays, "beta") ?? (1 - alpha.Value), 0),
            "kd_soft_ce" => (0, 1 / (t * t), 0),
            "tinybert_prediction" => (0, 1 / (t * t * classes), 0),
            "tfkd_self" => (1 - alpha!.Value, alpha.Value * Hyper(arrays, "multiplier")!.Value / classes, 0),

            // The method spreads alpha over the other classes, this library over all of them.
            "label_smoothing" => (1, 0, alpha!.Value * classes / (classes - 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };
    }

    private static double? Hyper(IReadOnlyDictionary<string, NpyArray> arrays, string name) => arrays.TryGetValue($"hyper_{name}", out var value) ? value.Scalar : null;

    /// <summary>What cross-entropy has over KL: the teacher's entropy, mean over the batch.</summary>
    private static double Entropy(Tensor teacher, double t)
    {
        using var scope = NewDisposeScope();
        var logs = nn.functional.log_softmax(teacher.to(ScalarType.Float64) / t, dim: 1);
        return -(logs.exp() * logs).sum(1).mean().ToDouble();
    }

    private static Tensor Rows(NpyArray array, ScalarType type)
    {
        using var all = torch.tensor(array.Values.ToArray(), [array.Values.Count / array.Shape[^1], array.Shape[^1]]);
        return all.to(type, copy: true);
    }

    private static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.to(ScalarType.Float64).reshape(-1);
        return [.. numbers.data<double>()];
    }

    private static Batch NoBatch() => new() { Count = 0, Pixels = default, Labels = default, Indices = default, Shape = (1, 1, 1) };
}
