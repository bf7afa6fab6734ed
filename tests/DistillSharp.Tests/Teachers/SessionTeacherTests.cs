using DistillSharp.Native;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.Teachers;

namespace DistillSharp.Tests.Teachers;

public sealed class SessionTeacherTests
{
    private static readonly ImageInput s_grey = new(1, 4, 4, [0.5f], [0.25f]);

    public SessionTeacherTests() => NativeTorch.EnsureLoaded();

    [Fact]
    public void Without_a_card_the_teacher_sees_the_students_numbers()
    {
        var batch = NoiseSamples.Load(NoiseSamples.Create(3, 1, 4, 4), s_grey);
        using var teacher = new SessionTeacher(PixelModels.Echo(1, 4, 4), s_grey, 16);

        Assert.Equal(batch.Pixels.ToArray(), Ask(teacher, batch));
        Assert.Equal(("logits", 16), (teacher.LogitsName, teacher.ClassCount));
    }

    [Fact]
    public void Another_normalisation_is_applied_to_the_pixels_as_they_were()
    {
        var samples = NoiseSamples.Create(3, 1, 4, 4);
        var own = s_grey with { Mean = [0.1f], Deviation = [0.7f] };

        float[] seen = See(samples, own);

        Assert.Equal(Pixels(samples).Select(pixel => ((pixel / 255.0) - 0.1f) / 0.7f), seen.Select(value => (double)value), Within(1e-6));
    }

    [Fact]
    public void A_teacher_of_colour_sees_grey_in_all_three_channels()
    {
        var samples = NoiseSamples.Create(2, 1, 4, 4);
        var own = new ImageInput(3, 4, 4, [0.1f, 0.2f, 0.3f], [0.5f, 0.6f, 0.7f]);

        float[] seen = See(samples, own);

        double[] pixels = Pixels(samples);
        var expected = Enumerable.Range(0, 2).SelectMany(n => Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 16).Select(i => ((pixels[(n * 16) + i] / 255) - own.Mean[c]) / own.Deviation[c])));
        Assert.Equal(expected, seen.Select(value => (double)value), Within(1e-6));
    }

    [Fact]
    public void A_teacher_of_grey_sees_the_luma_of_colours()
    {
        var samples = NoiseSamples.Create(2, 3, 4, 4);
        var student = new ImageInput(3, 4, 4, [0.4f, 0.5f, 0.6f], [0.2f, 0.3f, 0.4f]);

        float[] seen = See(samples, new(1, 4, 4, [0], [1]), student);

        // ITU-R BT.601, in whole grey levels.
        double[] pixels = Pixels(samples);
        var expected = Enumerable.Range(0, 32).Select(at =>
        {
            int first = (at / 16 * 48) + (at % 16);
            return Math.Round((0.299 * pixels[first]) + (0.587 * pixels[first + 16]) + (0.114 * pixels[first + 32])) / 255;
        });
        Assert.Equal(expected, seen.Select(value => (double)value), Within(1e-6));
    }

    [Fact]
    public void A_teacher_of_half_the_size_sees_the_triangle_weighted_mean()
    {
        // A triangle of radius 2 around the middle of each pair of pixels: weights 1, 3, 3, 1 of 8, and 3, 3, 1 of 7 at the border.
        var image = new PixelImage(1, 4, 4, [0, 40, 80, 200, 0, 40, 80, 200, 0, 40, 80, 200, 0, 40, 80, 200]);

        float[] seen = See(new("one", [image], [0]), new(1, 2, 2, [0], [1]));

        double left = Math.Round(((3 * 0) + (3 * 40) + 80) / 7.0), right = Math.Round((40 + (3 * 80) + (3 * 200)) / 7.0);
        Assert.Equal(new[] { left, right, left, right }.Select(value => value / 255), seen.Select(value => (double)value), Within(1e-6));
    }

    [Fact]
    public void What_it_sees_in_a_batch_is_what_the_evaluator_shows_it_of_the_same_pictures()
    {
        var samples = NoiseSamples.Create(5, 3, 6, 4);
        var student = new ImageInput(3, 6, 4, [0.4f, 0.5f, 0.6f], [0.2f, 0.3f, 0.4f]);
        var own = new ImageInput(1, 9, 9, [0.3f], [0.2f]);
        var card = PixelModels.Card(own, 81);
        using var session = PixelModels.Echo(1, 9, 9, card);

        float[] scored = Evaluator.Evaluate(session, samples, new() { Input = own, Workers = 0 }).Logits;

        Assert.Equal(scored, See(samples, own, student));
    }

    [Fact]
    public void Another_number_of_classes_is_refused_both_numbers_told()
    {
        var error = Assert.Throws<DataException>(() => new SessionTeacher(PixelModels.Echo(1, 4, 4), s_grey, 10));

        Assert.Contains("tells 16 classes apart", error.Message, StringComparison.Ordinal);
        Assert.Contains("have 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_size_without_a_card_is_refused_both_sizes_told()
    {
        var error = Assert.Throws<DataException>(() => new SessionTeacher(PixelModels.Echo(3, 2, 2), s_grey, 12));

        Assert.Contains("[?, 3, 2, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[batch, 1, 4, 4]", error.Message, StringComparison.Ordinal);
        Assert.Contains("no card", error.Message, StringComparison.Ordinal);
    }

    private static float[] See(MemorySamples samples, ImageInput own, ImageInput? student = null)
    {
        student ??= s_grey;
        int classes = own.Channels * own.Height * own.Width;
        using var teacher = new SessionTeacher(PixelModels.Echo(own.Channels, own.Height, own.Width, PixelModels.Card(own, classes)), student, classes);
        return Ask(teacher, NoiseSamples.Load(samples, student));
    }

    private static float[] Ask(SessionTeacher teacher, Batch batch)
    {
        using var answers = teacher.Teach(batch);
        return answers[teacher.LogitsName].data<float>().ToArray();
    }

    private static double[] Pixels(MemorySamples samples) => [.. Enumerable.Range(0, samples.Count).SelectMany(i => samples.Read(i).Image.Pixels.Select(pixel => (double)pixel))];

    private static Func<double, double, bool> Within(double difference) => (a, b) => Math.Abs(a - b) <= difference;
}
