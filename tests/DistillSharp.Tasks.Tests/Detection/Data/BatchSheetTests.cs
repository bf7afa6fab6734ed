using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class BatchSheetTests
{
    [Fact]
    public void Pictures_stand_in_a_grid_with_outlines_at_their_boxes()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3).SelectMany(picture => Enumerable.Repeat((byte)(50 * picture), 3 * 8 * 10))];
        var sheet = BatchSheet.Draw(new() { Count = 3, Size = (8, 10), Pixels = pixels, Indices = new int[] { 0, 1, 2 }, Targets = new float[] { 2, 0, 0.5f, 0.5f, 0.4f, 0.5f } });

        // Two by two cells of 8 rows and 10 columns; class 0 is red, around columns 3 to 7 and rows 2 to 6 of the third cell.
        Assert.Equal((16, 20), (sheet.Height, sheet.Width));
        Assert.Equal((0, 50, 100, 0), (sheet.Pixels[0], sheet.Pixels[10], sheet.Pixels[8 * 20], sheet.Pixels[(8 * 20) + 10]));
        byte[] red = sheet.Pixels[..320];
        Assert.Equal(Enumerable.Range(3, 5), Enumerable.Range(0, 20).Where(x => red[(10 * 20) + x] == 255));
        Assert.Equal([3, 7], Enumerable.Range(0, 20).Where(x => red[(12 * 20) + x] == 255));
        Assert.Equal(Enumerable.Range(10, 5), Enumerable.Range(0, 16).Where(y => red[(y * 20) + 3] == 255));
    }

    [Fact]
    public void Large_batches_are_scaled_down_and_cut_to_sixteen()
    {
        var sheet = BatchSheet.Draw(new() { Count = 20, Size = (640, 640), Pixels = new byte[20 * 3 * 640 * 640], Indices = new int[20], Targets = new float[] { 19, 0, 0.5f, 0.5f, 0.4f, 0.5f } });

        Assert.Equal((4 * 320, 4 * 320), (sheet.Height, sheet.Width));
        Assert.All(sheet.Pixels[..1000], pixel => Assert.Equal(0, pixel));
    }
}
