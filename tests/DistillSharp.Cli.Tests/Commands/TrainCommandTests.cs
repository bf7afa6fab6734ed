using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

public class TrainCommandTests
{
    public static TheoryData<string, string, string> BadValues => new()
    {
        { "--epochs", "0", "The number of epochs must be 1 or more." },
        { "--batch", "0", "The batch size must be 1 or more." },
        { "--lr", "0", "The learning rate must be above 0" },
        { "--lr", "nan", "The learning rate must be above 0" },
        { "--temperature", "0", "The temperature must be above 0; 1 to 20 in practice." },
        { "--threads", "-1", "The number of threads must be 0 (one a core) or more." },
        { "--workers", "-1", "The number of workers must be from 0 to 256." },
        { "--imgsz", "0", "The pictures' side must be from 1 to 4096 pixels." },
        { "--val-every", "0", "Evaluate every 1 epoch or more." },
        { "--device", "banana", "There is no device named 'banana': it is cpu, cuda or cuda:1." },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public void A_value_out_of_range_is_refused_before_any_work(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", option, value]).Refused(2, message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_unknown_model_is_answered_with_the_one_meant() =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "resnet2O").Refused(2, "There is no model named 'resnet2O'. Did you mean 'resnet20'?");

    [Fact]
    public void An_absent_model_file_is_named() =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "absent.onnx").Refused(1, "The model 'absent.onnx' does not exist.");

    [Fact]
    public void An_absent_teacher_is_named() =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", "--teacher", "absent.onnx").Refused(1, "The teacher 'absent.onnx' does not exist.");

    [Fact]
    public void A_damaged_teacher_is_named()
    {
        using var folder = new TemporaryFolder();
        string teacher = TinyModel.SaveTruncated(folder);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--teacher", teacher]).Refused(1, teacher);
    }

    [Fact]
    public void A_teacher_with_other_classes_is_refused_with_both_numbers()
    {
        using var folder = new TemporaryFolder();
        string teacher = TinyModel.Save(folder, classes: 7);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--teacher", teacher])
            .Refused(1, "The teacher tells 7 classes apart, but the data has 10.");
    }

    [Fact]
    public void A_teacher_of_other_classes_by_the_same_number_is_refused_with_their_names()
    {
        using var folder = new TemporaryFolder();
        string teacher = TinyModel.Save(folder);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--teacher", teacher]).Refused(1, "The teacher's card names other classes", "kind-0");
    }

    [Fact]
    public void A_teacher_that_knows_nothing_is_refused_with_its_score()
    {
        using var folder = new TemporaryFolder();
        string teacher = TinyModel.Save(folder, card: false);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--teacher", teacher])
            .Refused(1, "held-out samples right, which is chance for 10 classes", "teacher.allow-weak");
    }

    [Fact]
    public void A_student_file_with_other_classes_is_refused_with_both_numbers()
    {
        using var folder = new TemporaryFolder();
        string student = TinyModel.Save(folder, "student.onnx", classes: 7);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", student]).Refused(1, "The student 'student.onnx' answers [batch, 7], but the data asks for [batch, 10].");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    [Fact]
    public void A_student_file_for_other_pictures_is_refused_with_both_sizes()
    {
        using var folder = new TemporaryFolder();
        string student = TinyModel.Save(folder, "student.onnx", side: 12);
        DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", student]).Refused(1, "takes pictures of [batch, 1, 12, 12], but the data asks for [batch, 1, 28, 28]");
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_before_any_work()
    {
        using var folder = new TemporaryFolder();
        var result = DistillCommand.RunIn(folder.Path, ["train", "--data", "glyphs", "--model", "mlp", "--device", "cuda:63"]);
        result.Refused(1, "The device 'cuda:63'");
        Assert.Empty(result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_whole_data()
    {
        using var folder = new TemporaryFolder();
        string data = new TinyIdx().Write(folder);
        var result = DistillCommand.RunIn(
            folder.Path, ["train", "--data", "mnist", "--data-root", data, "--no-download", "--model", "mlp", "--epochs", "1", "--batch", "2147483647"]);
        Assert.Contains("epoch 1/1", result.Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strangers_model_and_a_strangers_teacher_are_trained_with_what_is_said_of_them()
    {
        using var folder = new TemporaryFolder();
        string data = new TinyIdx().Write(folder);

        // The row that is lit tells the class: the mean of each row of a picture of 24 x 24, two rows a class, and the last 4 unread.
        var teacher = new Sketch().Input("photo", 1, 3, 24, 24).Constant("pick", Rows())
            .Node("ReduceMean", "photo", "means", ("axes", new IntsValue([1, 3])), ("keepdims", new IntValue(0))).Node("MatMul", "means,pick", "p").Output("p", 1, 10);
        OnnxFile.Save(teacher.Graph, folder["teacher.onnx"]);
        var student = new Sketch().Input("x", Dimension.Named("n"), 1, 12, 12).Weight("w", 144, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "z").Node("Softmax", "z", "y").Output("y", Dimension.Named("n"), 10);
        folder.Write("student.onnx", ForeignFile.Write(student.Graph, irVersion: 3));

        var result = DistillCommand.RunIn(folder.Path, ["train", "--data", "mnist", "--data-root", data, "--no-download", "--model", folder["student.onnx"], "--teacher", folder["teacher.onnx"],
            "--teacher-mean", "0.5", "--teacher-std", "0.01", "--model-mean", "0.1", "--epochs", "2", "--out", folder["run"]]).Done();

        string recipe = File.ReadAllText(folder["run", "recipe.yaml"]);
        Assert.Matches(@"teacher:[^#]*mean: \[0.5\]\n\s+std: \[0.01\]", recipe);
        Assert.Matches(@"student:[^#]*mean: \[0.1\]", recipe);
        Assert.Contains("100.00", result.Output, StringComparison.Ordinal);
        Assert.Contains("mean 0.1,", DistillCommand.Run("info", folder["run", "seed-0", "distilled", "weights", "best.onnx"]).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--teacher-mean", "0.5", "which is missing: --teacher FILE.")]
    [InlineData("--model-size", "32", "which is missing: --model FILE.onnx.")]
    public void What_is_said_of_a_file_that_is_not_there_is_refused(string option, string value, string message) =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", option, value).Refused(2, message);

    [Theory]
    [InlineData("--teacher-mean", "123.7", "of pixels from 0 to 1: 0.485, not 123.7")]
    [InlineData("--teacher-std", "0", "above 0")]
    [InlineData("--teacher-size", "big", "--teacher-size takes a size")]
    public void Pictures_that_cannot_be_are_refused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        string teacher = TinyModel.Save(folder, card: false);
        DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", "--teacher", teacher, option, value).Refused(2, message);
    }

    private static TensorData Rows()
    {
        float[] pick = new float[24 * 10];
        for (int row = 0; row < 20; row++)
        {
            pick[(row * 10) + (row / 2)] = 1;
        }

        return TensorData.Create<float>(pick, 24, 10);
    }
}
