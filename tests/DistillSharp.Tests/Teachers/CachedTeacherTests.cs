using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;

namespace DistillSharp.Tests.Teachers;

public sealed class CachedTeacherTests
{
    private static readonly ImageInput s_input = new(1, 3, 3, [0.5f], [0.25f]);

    public CachedTeacherTests() => NativeTorch.EnsureLoaded();

    [Theory]
    [InlineData(5, false)]
    [InlineData(7, true)]
    [InlineData(50, true)]
    public void It_answers_what_the_teacher_answers_whatever_the_order(int batchSize, bool shuffle)
    {
        var samples = NoiseSamples.Create(23, 1, 3, 3);
        using var teacher = new SessionTeacher(PixelModels.Echo(1, 3, 3), s_input, 9);
        using var cached = new CachedTeacher(teacher, samples, new() { Input = s_input, BatchSize = 4, Workers = 0 }, cancellation: TestContext.Current.CancellationToken);
        int seen = 0;

        foreach (var batch in new BatchLoader(samples, new() { Input = s_input, BatchSize = batchSize, Shuffle = shuffle, Workers = 0 }).Epoch(1))
        {
            using var direct = teacher.Teach(batch);
            using var remembered = cached.Teach(batch);

            Assert.Equal([batch.Count, 9], remembered["logits"].shape);
            Assert.Equal(direct["logits"].data<float>().ToArray(), remembered["logits"].data<float>().ToArray());
            seen += batch.Count;
        }

        Assert.Equal(23, seen);
    }

    [Fact]
    public void Order_and_augmentation_of_the_options_are_ignored()
    {
        var samples = NoiseSamples.Create(8, 1, 3, 3);
        using var teacher = new SessionTeacher(PixelModels.Echo(1, 3, 3), s_input, 9);
        var jitter = DistillSharp.Plugins.PluginCatalogs.BuiltIn.Augmentations.Create(new("jitter"));
        var options = new BatchLoaderOptions { Input = s_input, BatchSize = 3, Workers = 0, Shuffle = true, DropLast = true, Augmentations = [jitter] };
        using var cached = new CachedTeacher(teacher, samples, options, cancellation: TestContext.Current.CancellationToken);

        var all = NoiseSamples.Load(samples, s_input);
        using var answers = cached.Teach(all);

        Assert.Equal(all.Pixels.ToArray(), answers["logits"].data<float>().ToArray());
    }

    [Fact]
    public void Filling_it_can_be_stopped()
    {
        using var teacher = new SessionTeacher(PixelModels.Echo(1, 3, 3), s_input, 9);

        Assert.Throws<OperationCanceledException>(() => new CachedTeacher(teacher, NoiseSamples.Create(4, 1, 3, 3), new() { Input = s_input, Workers = 0 }, cancellation: new(canceled: true)));
    }
}
