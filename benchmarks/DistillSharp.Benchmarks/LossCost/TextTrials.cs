using DistillSharp.Losses;
using DistillSharp.Losses.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of text models: 8 texts of 64 tokens, 4 heads.</summary>
internal static class TextTrials
{
    private const int Texts = 8, Tokens = 64, Heads = 4, Narrow = 128, Wide = 256, Vocabulary = 2000;

    public static IEnumerable<LossTrial> All => [.. OfAttention, .. OfStates, Layers(), Words(), Relations()];

    private static IEnumerable<LossTrial> OfAttention
    {
        get
        {
            var x = Pair([Texts, Heads, Tokens, Tokens], [Texts, Heads, Tokens, Tokens]);
            var (s, t) = (x.StudentFeatures[0], x.TeacherFeatures[0]);
            yield return new("attention-ce", new AttentionCeLoss(new()), x, setup => setup, _ => () =>
                (softmax(t, 3) * log_softmax(s, 3)).masked_fill(t <= -100, 0).sum() * (-1.0 / (Texts * Heads * Tokens)));
            yield return new("attention-mse", new AttentionMseLoss(new()), x, setup => setup, _ => () => mse_loss(Kept(s), Kept(t)));
        }
    }

    private static IEnumerable<LossTrial> OfStates
    {
        get
        {
            var unequal = Pair([Texts, Tokens, Narrow], [Texts, Tokens, Wide]);
            var (narrow, wide) = (unequal.StudentFeatures[0], unequal.TeacherFeatures[0]);
            yield return new("hidden-mse", new HiddenMseLoss(new()), unequal, setup => setup, loss =>
            {
                Tensor weight = Draws.Weight(loss, "0.proj.weight"), bias = Draws.Weight(loss, "0.proj.bias");
                return () => mse_loss(linear(narrow, weight, bias), wide);
            });
            yield return new("patient-kd", new PatientKdLoss(new()), unequal, setup => setup, loss =>
            {
                Tensor weight = Draws.Weight(loss, "0.proj.weight"), bias = Draws.Weight(loss, "0.proj.bias");
                return () => mse_loss(normalize(linear(narrow.select(1, 0), weight, bias), 2, 1), normalize(wide.select(1, 0), 2, 1)) * Wide;
            });
            yield return new("token-mmd", new TokenMmdLoss(new()), unequal, setup => setup, _ => () =>
                mse_loss(narrow.bmm(narrow.transpose(1, 2)) / Narrow, wide.bmm(wide.transpose(1, 2)) / Wide));

            var equal = Pair([Texts, Tokens, Wide], [Texts, Tokens, Wide]);
            var (s, t) = (equal.StudentFeatures[0], equal.TeacherFeatures[0]);
            yield return new("hidden-cosine", new HiddenCosineLoss(new()), equal, setup => setup, _ => () => 1 - cosine_similarity(s, t, -1).mean());
            yield return new("token-gram", new TokenGramLoss(new()), equal, setup => setup, _ => () =>
                mse_loss((s / Tokens).transpose(1, 2).bmm(s), (t / Tokens).transpose(1, 2).bmm(t)));
        }
    }

    private static LossInputs Pair(long[] student, long[] teacher) => new() { StudentFeatures = [Draws.Student(student)], TeacherFeatures = [Draws.Teacher(teacher)] };

    /// <summary>Scores, those of masked tokens as 0.</summary>
    private static Tensor Kept(Tensor scores) => scores.masked_fill(scores <= -100, 0);

    private static LossTrial Layers()
    {
        Tensor[] attention = [.. Enumerable.Range(0, 2).Select(_ => Draws.Student(Texts, Heads, Tokens, Tokens))];
        Tensor[] states = [.. Enumerable.Range(0, 3).Select(_ => Draws.Student(Texts, Tokens, Narrow))];
        Tensor[] attentionT = [.. Enumerable.Range(0, 4).Select(_ => Draws.Teacher(Texts, Heads, Tokens, Tokens))];
        Tensor[] statesT = [.. Enumerable.Range(0, 5).Select(_ => Draws.Teacher(Texts, Tokens, Wide))];
        return new("tinybert", new TinyBertLoss(new()), new() { StudentFeatures = [.. attention, .. states], TeacherFeatures = [.. attentionT, .. statesT] }, setup => setup, loss =>
        {
            Tensor weight = Draws.Weight(loss, "fit_dense.weight"), bias = Draws.Weight(loss, "fit_dense.bias");
            return () => mse_loss(Kept(attention[0]), Kept(attentionT[1])) + mse_loss(Kept(attention[1]), Kept(attentionT[3]))
                + mse_loss(linear(states[0], weight, bias), statesT[0]) + mse_loss(linear(states[1], weight, bias), statesT[2]) + mse_loss(linear(states[2], weight, bias), statesT[4]);
        });
    }

    private static LossTrial Words()
    {
        // Every seventh token is hidden, and has a label.
        const int Rows = Texts * Tokens;
        var rows = arange(Rows, ScalarType.Int64);
        var labels = rows.masked_fill(rows.remainder(7).ne(0), -100).reshape(Texts, Tokens);
        var x = Pair([Texts, Tokens, Wide], [Texts, Tokens, Wide]) with { StudentLogits = Draws.Student(Texts, Tokens, Vocabulary), TeacherLogits = Draws.Teacher(Texts, Tokens, Vocabulary), Labels = labels };
        return new("distilbert", new DistilBertLoss(new()), x, setup => setup, _ => () =>
        {
            var teacher = log_softmax(x.TeacherLogits / 2, 2);
            var soft = (teacher.exp() * (teacher - log_softmax(x.StudentLogits / 2, 2))).sum() * (5 * 4.0 / Rows);
            var hard = cross_entropy(x.StudentLogits.view(-1, Vocabulary), labels.view(-1)) * 2;
            return soft + hard + (1 - cosine_similarity(x.StudentFeatures[0], x.TeacherFeatures[0], -1).mean());
        });
    }

    private static LossTrial Relations()
    {
        // The published number of heads, which divides both widths.
        const int RelationHeads = 48, Student = 192, Teacher = 240;
        Tensor[] s = [.. Enumerable.Range(0, 3).Select(_ => Draws.Student(Texts, Tokens, Student))], t = [.. Enumerable.Range(0, 3).Select(_ => Draws.Teacher(Texts, Tokens, Teacher))];
        return new("minilm", new MiniLmLoss(new()), new() { StudentFeatures = s, TeacherFeatures = t }, setup => setup, _ => () => Of(0) + Of(1) + Of(2));

        Tensor Of(int relation)
        {
            var teacher = Shares(t[relation]);
            return (teacher.exp() * (teacher - Shares(s[relation]))).sum() * (1.0 / (Texts * RelationHeads * Tokens));
        }

        static Tensor Shares(Tensor states)
        {
            var heads = states.view(Texts, Tokens, RelationHeads, -1).transpose(1, 2);
            return log_softmax((heads / Math.Sqrt(heads.shape[3])).matmul(heads.transpose(2, 3)), 3);
        }
    }
}
