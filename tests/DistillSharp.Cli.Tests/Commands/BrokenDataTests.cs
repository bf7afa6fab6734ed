using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class BrokenDataTests
{
    private const int Pictures = 0, Labels = 1, TestLabels = 3;

    [Theory]
    [InlineData(Pictures)]
    [InlineData(Labels)]
    public void An_empty_file_is_named(int file) => Refused(idx => idx.Files[file] = [], TinyIdx.Names[file], "is empty", "Fetch it again.");

    [Fact]
    public void A_truncated_file_is_named_with_both_lengths() =>
        Refused(idx => idx.Files[Pictures] = idx.Files[Pictures][..^5], TinyIdx.Names[Pictures], "60 x 12 x 12", "makes 8656 bytes, but it has 8651");

    [Fact]
    public void A_file_cut_within_its_header_is_named_with_its_length() =>
        Refused(idx => idx.Files[Labels] = idx.Files[Labels][..6], TinyIdx.Names[Labels], "truncated: it has 6 bytes", "header of 8");

    [Fact]
    public void A_wrong_magic_number_is_told_with_the_right_one() =>
        Refused(idx => idx.Files[Pictures][3] = 9, TinyIdx.Names[Pictures], "begins with 0x00000809 instead of 0x00000803");

    [Fact]
    public void Labels_in_the_place_of_pictures_are_refused() =>
        Refused(idx => idx.Files[Pictures] = idx.Files[Labels], TinyIdx.Names[Pictures], "no IDX file of pictures", "0x00000801");

    [Fact]
    public void A_label_out_of_range_is_told_with_its_record() =>
        Refused(idx => idx.Files[TestLabels][8 + 13] = 10, TinyIdx.Names[TestLabels], "label 10 of record 13 is out of range", "10 classes, 0 to 9");

    [Fact]
    public void Absent_files_are_listed_with_where_they_were_looked_for()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.RunIn(folder.Path, ["train", "--data", "mnist", "--data-root", folder.Path, "--no-download", "--model", "mlp"], ("XDG_DATA_HOME", folder["home"]))
            .Refused(1, "The data set 'mnist' was not found", TinyIdx.Names[Pictures], folder["mnist"], "Downloading is off", "--data-root");
    }

    [Fact]
    public void An_unknown_set_is_answered_with_the_one_meant() =>
        DistillCommand.Run("train", "--data", "mnits", "--model", "mlp").Refused(2, "There is no data set named 'mnits'. Did you mean 'mnist'?");

    [Fact]
    public void A_folder_that_is_not_there_is_no_data_set() =>
        DistillCommand.Run("train", "--data", "nowhere/pictures", "--model", "mlp").Refused(2, "The folder 'nowhere/pictures' (--data) does not exist.");

    [Fact]
    public void A_root_that_is_not_there_is_not_silently_passed_over() =>
        DistillCommand.Run("train", "--data", "mnist", "--data-root", "nowhere", "--model", "mlp").Refused(2, "The folder 'nowhere' (--data-root) does not exist.");

    private static void Refused(Action<TinyIdx> spoil, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        var idx = new TinyIdx();
        spoil(idx);
        string[] arguments = ["train", "--data", "mnist", "--data-root", idx.Write(folder), "--no-download", "--model", "mlp"];
        DistillCommand.RunIn(folder.Path, arguments).Refused(1, parts);
        Assert.False(Directory.Exists(folder["runs"]));
    }
}
