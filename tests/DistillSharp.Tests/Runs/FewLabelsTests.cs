using DistillSharp.Recipes;
using DistillSharp.Runs;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>The teacher sees every label, the student few of them and the other images without.</summary>
public sealed class FewLabelsTests
{
    private static readonly Lazy<ImageDataset> s_data = new(() => TinyRun.Recipe.Data.Set is var set ? DistillSharp.Plugins.PluginCatalogs.BuiltIn.Datasets.Create(set).Open(new()) : null!);

    private static DataSettings Few => TinyRun.Recipe.Data with { Labels = 40, Validation = 0.25 };

    [Fact]
    public void Few_labels_are_the_students_and_its_controls_alone()
    {
        var samples = SeedSamples.Divide(Few, s_data.Value, 3);

        Assert.Equal((220, 80), (samples.Train.Count, samples.HeldOut.Count));
        Assert.Equal((30, 10), (samples.Labeled.Count, samples.TransferHeldOut.Count));
        Assert.Equal((290, 260, 40), (samples.Transfer.Count, samples.Unlabeled, samples.Labels));
        Assert.Equal(Names(samples.Labeled), Names(samples.Transfer).Where((_, i) => samples.Transfer.LabelOf(i) >= 0));
        Assert.Empty(Names(samples.Transfer).Intersect(Names(samples.TransferHeldOut)));
        Assert.All(Enumerable.Range(0, samples.Labeled.Count).CountBy(samples.Labeled.LabelOf), pair => Assert.InRange(pair.Value, 2, 4));
    }

    [Fact]
    public void The_rest_may_be_left_to_the_teacher()
    {
        var samples = SeedSamples.Divide(Few with { Rest = RestUse.Unused }, s_data.Value, 3);

        Assert.Equal(Names(samples.Labeled), Names(samples.Transfer));
        Assert.Equal(0, samples.Unlabeled);
    }

    [Fact]
    public void Omitted_classes_are_neither_labeled_nor_shown()
    {
        var samples = SeedSamples.Divide(Few with { Omit = [2] }, s_data.Value, 3);

        Assert.Equal(300 - 30 - 10, samples.Transfer.Count);
        Assert.DoesNotContain(2, Enumerable.Range(0, samples.Labeled.Count).Select(samples.Labeled.LabelOf));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(301)]
    public void A_number_of_labels_that_cannot_be_is_refused(int labels) =>
        Assert.Contains("from 2 to 300", Assert.Throws<DataException>(() => SeedSamples.Divide(Few with { Labels = labels }, s_data.Value, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void More_labels_than_images_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<DataException>(() => folder.Run(TinyRun.Recipe with { Data = Few with { Labels = 301 } }));

        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_run_tells_who_learned_from_how_many_labels_and_resumes_to_the_same_bytes()
    {
        using TemporaryFolder whole = new(), halves = new();
        var recipe = TinyRun.Recipe with { Data = Few };
        var report = whole.Run(recipe).Report;
        using (var stop = new StopAfter("distilled (seed 0)", 13))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Distiller.Run(recipe, new() { Folder = halves["run"], Observers = [stop] }, stop.Token));
        }

        halves.Resume(recipe);

        Assert.Equal(new(300, 40, 260), report.Labels);
        Assert.StartsWith("the teacher learns from 300 labels, the student from 40 labels and 260 images without", report.Split, StringComparison.Ordinal);
        Assert.Contains("+ the training images without labels, answered by the teacher", report.ControlDifference);
        Assert.Equal(File.ReadAllBytes(whole["run", "seed-0", "distilled", "weights", "best.onnx"]), File.ReadAllBytes(halves["run", "seed-0", "distilled", "weights", "best.onnx"]));

        // The accuracy is that of the 30 labeled images, and a share of these.
        Assert.All(report.Find("distilled")!.Seeds[0].Curve, epoch => Assert.Equal(0, epoch.TrainAccuracy!.Value * 30 % 1, 1e-9));
    }

    [Fact]
    public void A_loss_that_asks_for_every_class_is_refused_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRun.Recipe with { Data = Few, Distillation = new() { Losses = [new("crd")] } };

        var error = Assert.Throws<DataException>(() => folder.Run(recipe));

        Assert.Contains("'crd' needs the class of every training image, but 'data.labels' keeps 40", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static IEnumerable<string> Names(ISampleSource source) => Enumerable.Range(0, source.Count).Select(source.Describe);
}
