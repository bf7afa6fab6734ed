using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Teachers;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>Models that do not fit are refused before anything is trained.</summary>
public sealed class UnfitModelsTests
{
    private static readonly ImageDataset s_data = new GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new());

    [Theory]
    [InlineData(7, 28, "answers [batch, 7]", "[batch, 10]")]
    [InlineData(10, 32, "takes pictures of [batch, 1, 32, 32]", "[batch, 1, 28, 28]")]
    public void A_student_file_of_other_classes_or_size_is_refused_with_both_shapes(int classes, int side, string found, string wanted)
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Model(classes, side), folder["s.onnx"]);
        var diary = new Diary();

        var error = Assert.Throws<DataException>(() => folder.Run(TinyRun.Recipe with { Student = new() { Weights = folder["s.onnx"] } }, diary));

        Assert.Contains($"'s.onnx' {found}", error.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_detector_is_no_student_of_pictures_with_a_class_each()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        var error = Assert.Throws<DataException>(() => folder.Run(TinyRun.Recipe with { Student = new() { Model = new("yolo11n") } }, diary));

        Assert.Contains("'yolo11n' is for detection", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet20", error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_teacher_of_other_class_names_is_refused_before_any_training()
    {
        var diary = new Diary();
        string[] names = [.. s_data.ClassNames.Skip(1), "cat"];

        var error = Refused<DataException>(Teacher(Model(10, 28), names), diary);

        Assert.StartsWith("The teacher's card names other classes than the data: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"class {names.Length - 1} is 'cat' and not '{s_data.ClassNames[^1]}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void A_teacher_of_another_number_of_classes_is_refused_before_any_training()
    {
        var diary = new Diary();

        Assert.Contains("tells 7 classes apart", Refused<DataException>(Model(7, 28), diary).Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void A_teacher_that_knows_nothing_is_refused_before_any_training()
    {
        var diary = new Diary();

        var error = Refused<WeakTeacherException>(Model(10, 28), diary);

        Assert.Contains("chance for 10 classes", error.Message, StringComparison.Ordinal);
        Assert.Contains("teacher.allow-weak", error.Message, StringComparison.Ordinal);
        Assert.Empty(diary.Trained);
    }

    [Fact]
    public void A_weak_teacher_may_teach_where_that_is_asked_for_and_is_still_complained_about()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Model(10, 28), folder["t.onnx"]);
        var log = new Log();

        var result = Distiller.Run(
            TinyRun.Recipe with { Teacher = new() { Weights = folder["t.onnx"], AllowWeak = true } },
            new() { Folder = folder["run"], Log = log },
            TestContext.Current.CancellationToken);

        Assert.Equal(["teacher", "control", "distilled"], result.Report.Variants.Select(variant => variant.Name));
        Assert.Equal(("t.onnx", 0, 0L), (result.Report.Variants[0].Model, result.Report.Variants[0].Seeds[0].BestEpoch, result.Report.Variants[0].Seeds[0].Steps));
        Assert.Contains(log.Lines, line => line.Contains("chance for 10 classes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_teacher_below_its_floor_stops_the_run_before_the_student()
    {
        using var folder = new TemporaryFolder();
        var diary = new Diary();

        var error = Assert.Throws<WeakTeacherException>(() => folder.Run(TinyRun.Recipe with { Teacher = TinyRun.Recipe.Teacher with { Floor = 1 } }, diary));

        Assert.Contains("below the floor of 100.00 %", error.Message, StringComparison.Ordinal);
        Assert.Equal("teacher (seed 0)", Assert.Single(diary.Trained).Name);
    }

    private static T Refused<T>(ModelGraph teacher, Diary diary)
        where T : Exception
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(teacher, folder["t.onnx"]);
        return Assert.Throws<T>(() => folder.Run(TinyRun.Recipe with { Teacher = new() { Weights = folder["t.onnx"] } }, diary));
    }

    private static ModelGraph Model(int classes, int side)
    {
        var graph = Mlp.Create(TinyRun.Student with { Classes = classes, Channels = 1, Height = side, Width = side });
        WeightInitializer.Draw(graph, seed: 9);
        return graph;
    }

    private static ModelGraph Teacher(ModelGraph graph, IReadOnlyList<string> names)
    {
        foreach (var (key, value) in new ModelCard("classification", names, s_data.Input).ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        return graph;
    }
}
