using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data.Shapes;

namespace DistillSharp.Tasks.Tests.Detection.Data.Shapes;

public sealed class ShapesSourceTests
{
    private static readonly DetectionDataset s_set = ShapesSet.Open();

    [Theory]
    [InlineData(ShapesPart.Training, "4136c2051f078cd7e70eb3b155fb5d7968e824aeec16debf06ebbda6de0d9638")]
    [InlineData(ShapesPart.Validation, "264086bd1a93f40536bdb1fe6f7edf26f69b5e6def1048857365a2f8de221071")]
    [InlineData(ShapesPart.Test, "31df44281dcd2a6d0235e5d7b6e9fd85c4f00541216ef95aee71982d50523a49")]
    public void The_generator_is_frozen(ShapesPart part, string expected)
    {
        // Results are published on these pictures: a change that moves this sum makes another data set, and needs another name.
        var source = new ShapesSource(part);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 24; i++)
        {
            sum.AppendData(source.Read(i).Pixels);
        }

        for (int i = 0; i < 100; i++)
        {
            sum.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{source.SizeOf(i)}")));
            foreach (var label in source.LabelsOf(i))
            {
                sum.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {label.ClassIndex} {label.X:F6} {label.Y:F6} {label.Width:F6} {label.Height:F6}")));
            }
        }

        string found = Convert.ToHexStringLower(sum.GetHashAndReset());
        Assert.True(expected == found, $"The set is frozen: results were measured on it. Its hash is {found}.");
    }

    [Fact]
    public void The_set_has_its_parts_and_classes_and_says_where_a_picture_comes_from()
    {
        Assert.Equal("shapes", s_set.Name);
        Assert.Equal(["circle", "square", "triangle", "pentagon", "star", "cross", "ring", "crescent"], s_set.ClassNames);
        Assert.Equal((1500, 300, 600), (s_set.Train.Count, s_set.Validation.Count, s_set.Test!.Count));
        Assert.Equal("shapes, training picture 12", s_set.Train.Describe(12));
        Assert.Equal("shapes, validation picture 0", s_set.Validation.Describe(0));
        Assert.Equal("shapes, test picture 599", s_set.Test.Describe(599));
    }

    [Fact]
    public void A_picture_hangs_on_its_part_and_position_alone()
    {
        var again = new ShapesSource(ShapesPart.Training);
        int[] backwards = [.. Enumerable.Range(0, 12).Reverse()];

        Assert.All(backwards, i => Assert.Equal(again.Read(i).Pixels, s_set.Train.Read(i).Pixels));
        Assert.All(backwards, i => Assert.Equal(again.LabelsOf(i), s_set.Train.LabelsOf(i)));
        Assert.Equal(36, new[] { s_set.Train, s_set.Validation, s_set.Test! }.SelectMany(part => backwards.Select(i => Convert.ToHexString(part.Read(i).Pixels))).Distinct().Count());
    }

    [Fact]
    public void Sizes_are_known_without_painting_and_vary_between_three_to_four_and_four_to_three()
    {
        Assert.All(Enumerable.Range(0, 20), i =>
        {
            var image = s_set.Validation.Read(i);
            Assert.Equal(s_set.Validation.SizeOf(i), (image.Width, image.Height));
            Assert.Equal(3, image.Channels);
        });
        var sizes = Enumerable.Range(0, 300).Select(s_set.Validation.SizeOf).ToList();
        Assert.All(sizes, size => Assert.Equal(160, Math.Max(size.Width, size.Height)));
        Assert.Equal((120, 160), (sizes.Min(size => Math.Min(size.Width, size.Height)), sizes.Max(size => Math.Min(size.Width, size.Height))));
        Assert.InRange(sizes.Count(size => size.Width > size.Height), 120, 180);
    }

    [Fact]
    public void Pictures_hold_up_to_five_shapes_of_every_class_more_small_ones_than_large()
    {
        var pictures = Enumerable.Range(0, 600).Select(i => (Size: s_set.Test!.SizeOf(i), Labels: s_set.Test.LabelsOf(i))).ToList();
        var boxes = pictures.SelectMany(picture => picture.Labels.Select(label => (label.ClassIndex, Box: label.ToPixels(picture.Size.Width, picture.Size.Height), picture.Size))).ToList();

        Assert.Equal([0, 1, 2, 3, 4, 5], pictures.Select(picture => picture.Labels.Count).Distinct().Order());
        Assert.InRange(pictures.Count(picture => picture.Labels.Count == 0), 15, 50);
        Assert.All(boxes.CountBy(box => box.ClassIndex), pair => Assert.InRange(pair.Value, 0.1 * boxes.Count, 0.15 * boxes.Count));
        Assert.All(boxes, box => Assert.True(box.Box is { Left: >= 0, Top: >= 0 } && box.Box.Right <= box.Size.Width + 1e-3f && box.Box.Bottom <= box.Size.Height + 1e-3f));

        // 18 % to 60 % of 160 pixels; those cut off at the picture's edge are smaller.
        double[] sides = [.. boxes.Where(box => box.Box is { Left: > 0, Top: > 0 } && box.Box.Right < box.Size.Width - 0.3f && box.Box.Bottom < box.Size.Height - 0.3f).Select(box => (double)Math.Max(box.Box.Width, box.Box.Height))];
        Assert.InRange(sides.Min(), 28.05, 30);
        Assert.InRange(sides.Max(), 92, 96.25);
        Assert.InRange(sides.Count(side => side < 45) / (double)sides.Length, 0.4, 0.7);
        Assert.InRange(sides.Count(side => side > 75) / (double)sides.Length, 0.05, 0.25);
    }

    [Fact]
    public void Positions_and_parts_that_are_not_there_are_refused()
    {
        Assert.Contains("0 to 299", Assert.Throws<ArgumentOutOfRangeException>(() => s_set.Validation.Read(300)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => s_set.Validation.LabelsOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesSource((ShapesPart)3));
    }
}
