using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>The transfer set holds nothing of the omitted classes; the teacher has seen them.</summary>
public sealed class OmittedClassTests
{
    private const int Omitted = 3;

    private static readonly Recipe s_recipe = TinyRun.Recipe with
    {
        Data = TinyRun.Recipe.Data with { Omit = [Omitted] },
        Distillation = new() { TuneBias = true },
    };

    [Fact]
    public void The_student_is_shown_no_sample_of_an_omitted_class()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();
        var data = new GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new(), TestContext.Current.CancellationToken);
        var watched = new WatchedSamples(data.Train, () => diary.Now);

        var result = Distiller.Run(s_recipe, new() { Folder = folder["run"], Observers = [diary], Dataset = data with { Train = watched } }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 10), watched.Shown("teacher (seed 0)"));
        Assert.Equal(Enumerable.Range(0, 10).Where(label => label != Omitted), watched.Shown("control (seed 0)"));
        Assert.Equal(Enumerable.Range(0, 10).Where(label => label != Omitted), watched.Shown("distilled (seed 0)"));

        // Of 30 samples a class, 3 are held out.
        Assert.StartsWith($"the teacher learns from 300 labels, the student from 270 labels; 30 and 27 of these labels are held out to choose the best epoch; the student sees no {data.ClassNames[Omitted]};", result.Report.Split, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bias_of_the_omitted_class_alone_is_tuned()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();

        var result = Distiller.Run(s_recipe, new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);

        Assert.Equal(["teacher", "control", "distilled", "tuned"], result.Report.Variants.Select(variant => variant.Name));
        float[] before = Bias(folder, "distilled"), after = Bias(folder, "tuned");
        Assert.Equal(Enumerable.Range(0, 10).Where(label => label != Omitted).Select(label => before[label]), Enumerable.Range(0, 10).Where(label => label != Omitted).Select(label => after[label]));
        Assert.NotEqual(before[Omitted], after[Omitted]);
        string line = Assert.Single(log.Lines, one => one.Contains("the bias of class", StringComparison.Ordinal));
        Assert.Contains($"{after[Omitted] - before[Omitted]:+0.000;-0.000}", line, StringComparison.Ordinal);
        Assert.Contains("30 held-out samples", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 10 }, "data.omit names class 10", "10 classes, 0 to 9")]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, "fewer than 2 of 10 classes", "")]
    public void Classes_that_cannot_be_omitted_are_refused_before_anything_is_written(int[] omit, string message, string more)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<DataException>(() => folder.Run(TinyRun.Recipe with { Data = TinyRun.Recipe.Data with { Omit = omit } }));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(more, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static float[] Bias(TemporaryFolder folder, string stage) =>
        DistillSharp.Graph.Format.OnnxFile.Load(folder["run", "seed-0", stage, "weights", "best.onnx"]).FindInitializer("fc2.bias")!.Data.AsSpan<float>().ToArray();

    /// <summary>Notes the classes of the samples that are read, by what is being trained.</summary>
    private sealed class WatchedSamples(ISampleSource source, Func<string?> now) : ISampleSource
    {
        private readonly HashSet<(string Stage, int Label)> _read = [];

        public int Count => source.Count;

        public IEnumerable<int> Shown(string stage) => _read.Where(one => one.Stage == stage).Select(one => one.Label).Order();

        public int LabelOf(int index) => source.LabelOf(index);

        public string Describe(int index) => source.Describe(index);

        public ImageSample Read(int index)
        {
            if (now() is { } stage)
            {
                _read.Add((stage, source.LabelOf(index)));
            }

            return source.Read(index);
        }
    }
}
