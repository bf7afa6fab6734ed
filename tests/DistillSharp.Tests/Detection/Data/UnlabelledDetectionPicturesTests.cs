using DistillSharp.Detection.Data;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Detection.Data;

public sealed class UnlabelledDetectionPicturesTests : IDisposable
{
    private readonly MadeUpSet _set = new();

    [Fact]
    public void All_pictures_of_a_folder_and_those_below_come_in_ordinal_order_without_boxes()
    {
        string[] pictures = [_set.Picture("p/B.png", MadeUpSet.Row), _set.Picture("p/a.png"), _set.Picture("p/c/d.PNG"), _set.Picture("p/e.png")];
        _set.Folder.Write("p/notes.txt", "no picture");

        var source = new UnlabelledDetectionPictures(_set.Folder["p"]);

        Assert.Equal(pictures, Enumerable.Range(0, source.Count).Select(source.Describe));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Empty(source.LabelsOf(i)));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal((40, 20), source.SizeOf(i)));
        Assert.Equal((3, 40, 20), (source.Read(2).Channels, source.Read(2).Width, source.Read(2).Height));
        Assert.Empty(Directory.GetFiles(_set.Folder["p"], "*.cache", SearchOption.AllDirectories));
    }

    [Fact]
    public void Sizes_come_from_headers_and_what_is_broken_is_left_out_by_name()
    {
        string good = _set.Picture("p/a.png"), late = _set.Picture("p/b.png");
        string broken = _set.Folder.Write("p/c.png", "no picture"), other = _set.Folder.Write("p/d.tif", "another format");

        var source = new UnlabelledDetectionPictures(_set.Folder["p"]);
        File.Delete(late);

        Assert.Equal([good, late], Enumerable.Range(0, source.Count).Select(source.Describe));
        Assert.Equal((40, 20), source.SizeOf(1));
        Assert.Contains(late, Assert.Throws<DataException>(() => source.Read(1)).Message, StringComparison.Ordinal);
        Assert.Contains(source.Remarks, remark => remark.StartsWith($"{broken}: ignoring corrupt image/label: ", StringComparison.Ordinal));
        Assert.Contains(source.Remarks, remark => remark.StartsWith("1 files ending in .tif left out", StringComparison.Ordinal) && File.Exists(other));
    }

    [Fact]
    public void A_list_file_names_pictures_relative_to_itself()
    {
        string first = _set.Picture("p/a.png"), second = _set.Picture("q/b.png");
        string list = _set.Folder.Write("list.txt", "q/b.png\np/a.png\np/absent.png\n");

        var source = new UnlabelledDetectionPictures(list);

        Assert.Equal([first, second], Enumerable.Range(0, source.Count).Select(source.Describe));
        Assert.Contains(source.Remarks, remark => remark.StartsWith($"{list}, line 3: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_that_are_empty_absent_or_all_broken_are_refused_by_name_with_what_is_read()
    {
        _set.Folder.Write("empty/a.tif", "another format");
        string empty = Refused("empty"), absent = Refused("absent");

        Assert.Contains($"'{_set.Folder["empty"]}' holds no picture", empty, StringComparison.Ordinal);
        Assert.Contains(".jpg, .jpeg, .png, .bmp, .webp, .gif. Put pictures into it", empty, StringComparison.Ordinal);
        Assert.Contains("1 files ending in .tif left out", empty, StringComparison.Ordinal);
        Assert.Contains($"'{_set.Folder["absent"]}' do not exist. Give a folder of pictures (.jpg, .jpeg, .png, .bmp, .webp, .gif;", absent, StringComparison.Ordinal);

        string broken = _set.Folder.Write("broken/a.png", "no picture");
        Assert.Contains(broken, Refused("broken"), StringComparison.Ordinal);
    }

    public void Dispose() => _set.Dispose();

    private string Refused(string name) => Assert.Throws<DataException>(() => new UnlabelledDetectionPictures(_set.Folder[name])).Message;
}
