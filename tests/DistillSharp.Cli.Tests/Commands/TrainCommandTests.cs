using DistillSharp.TestKit;

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
}
