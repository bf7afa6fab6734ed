using CsCheck;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests;

public sealed class UltralyticsCardTests
{
    private static readonly Dictionary<string, string> s_metadata = new()
    {
        ["description"] = "Ultralytics YOLO11n model trained on coco.yaml",
        ["author"] = "Ultralytics",
        ["date"] = "2024-10-01T10:00:00",
        ["version"] = "8.3.24",
        ["license"] = "AGPL-3.0 License (https://ultralytics.com/license)",
        ["docs"] = "https://docs.ultralytics.com",
        ["stride"] = "32",
        ["task"] = "detect",
        ["batch"] = "1",
        ["imgsz"] = "[480, 640]",
        ["names"] = @"{0: 'person', 1: 'it\'s', 2: ""cat's"", 3: 'gr\xf6\xdfe \u00e9', 4: 'a, b: }'}",
    };

    [Fact]
    public void A_file_that_Ultralytics_exported_has_a_card()
    {
        var card = ModelCard.FromMetadata(s_metadata);

        Assert.NotNull(card);
        Assert.Equal(("detect", true, 32), (card.Task, card.IsDetector, card.Stride));
        Assert.Equal(["person", "it's", "cat's", "größe é", "a, b: }"], card.ClassNames);
        Assert.Equal((3, 480, 640), (card.Input.Channels, card.Input.Height, card.Input.Width));
        Assert.Equal([0, 0, 0, 1, 1, 1], [.. card.Input.Mean, .. card.Input.Deviation]);
        Assert.Equal("AGPL-3.0 License (https://ultralytics.com/license)", card.Provenance["license"]);
    }

    [Theory]
    [InlineData("imgsz", "640", "640x640")]
    [InlineData("imgsz", "(480, 640)", "480x640")]
    [InlineData("imgsz", "[ 320,640 ]", "320x640")]
    public void Sizes_may_be_written_in_several_ways(string key, string value, string size)
    {
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(s_metadata) { [key] = value })!;
        Assert.Equal(size, $"{card.Input.Height}x{card.Input.Width}");
    }

    [Fact]
    public void Names_may_be_a_list_and_in_any_order()
    {
        Assert.Equal(["a", "b"], ModelCard.FromMetadata(new Dictionary<string, string>(s_metadata) { ["names"] = "['a', 'b']" })!.ClassNames);
        Assert.Equal(["a", "b"], ModelCard.FromMetadata(new Dictionary<string, string>(s_metadata) { ["names"] = "{1: 'b', 0: 'a',}" })!.ClassNames);
    }

    [Theory]
    [InlineData("names", "", "character 1: '[' was expected")]
    [InlineData("names", "{", "character 2: a whole number was expected")]
    [InlineData("names", "{0: 'a'", "character 8: '}' was expected")]
    [InlineData("names", "{0: 'a", "character 7: ''' was expected")]
    [InlineData("names", "{0: a}", "character 5: a quoted name was expected")]
    [InlineData("names", "{0: 'a'} + f()", "character 10: the end was expected")]
    [InlineData("names", "{0: __import__('os')}", "a quoted name was expected")]
    [InlineData("names", "{0: 'a', 0: 'b'}", "the number 0 twice")]
    [InlineData("names", "{0: 'a', 2: 'b'}", "numbered from 0 without a gap")]
    [InlineData("names", "{}", "no names")]
    [InlineData("names", "{99999999999: 'a'}", "a whole number was expected")]
    [InlineData("names", @"{0: 'a\", "an unknown escape")]
    [InlineData("names", @"{0: '\xg0'}", "2 hexadecimal digits")]
    [InlineData("names", @"{0: '\ud800'}", "4 hexadecimal digits")]
    [InlineData("names", @"{0: '\u12", "4 hexadecimal digits")]
    [InlineData("imgsz", "[640, 640, 640]", "more than 2 numbers")]
    [InlineData("imgsz", "[640", "')' was expected")]
    [InlineData("imgsz", "[0, 640]", "from 1 to 65536")]
    [InlineData("stride", "-32", "a whole number was expected")]
    [InlineData("stride", "100000", "from 1 to 65536")]
    public void Damaged_text_is_refused_with_its_place(string key, string value, string reason)
    {
        string message = Assert.Throws<DataException>(() => ModelCard.FromMetadata(new Dictionary<string, string>(s_metadata) { [key] = value })).Message;
        Assert.StartsWith("The model's metadata is damaged: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_names_are_the_most()
    {
        string names = "[" + string.Join(",", Enumerable.Repeat("''", 1_000_001)) + "]";
        Assert.Contains("more than 1000000 names", Assert.Throws<DataException>(() => ModelCard.FromMetadata(new Dictionary<string, string>(s_metadata) { ["names"] = names })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task", "classify")]
    [InlineData("task", null)]
    [InlineData("names", null)]
    [InlineData("stride", null)]
    public void What_is_no_such_detector_has_no_card(string key, string? value)
    {
        var metadata = new Dictionary<string, string>(s_metadata);
        metadata.Remove(key);
        if (value is not null)
        {
            metadata[key] = value;
        }

        Assert.Null(ModelCard.FromMetadata(metadata));
    }

    [Fact]
    public void A_card_survives_Ultralytics_metadata_and_our_own_comes_first()
    {
        var card = ModelCard.FromMetadata(s_metadata)!;
        var written = card.ToUltralyticsMetadata(batch: 4);

        Assert.Equal("4", written["batch"]);
        Assert.Equal("[480, 640]", written["imgsz"]);
        Assert.Equal(@"{0: 'person', 1: ""it's"", 2: ""cat's"", 3: 'größe é', 4: 'a, b: }'}", written["names"]);
        Same(card, ModelCard.FromMetadata(written));
        Same(card, ModelCard.FromMetadata(card.ToMetadata()));
        var other = new ModelCard("classification", ["own"], card.Input);
        Assert.Equal("classification", ModelCard.FromMetadata(written.Concat(other.ToMetadata()).ToDictionary())!.Task);
    }

    [Fact]
    public void Any_names_survive() =>
        Gen.String[Gen.Char['\0', '\uD7FF'], 0, 8].Array[1, 9].Sample(
            names => Assert.Equal(names, ModelCard.FromMetadata(new ModelCard("detect", names, new(3, 32, 32, [0, 0, 0], [1, 1, 1])).ToUltralyticsMetadata())!.ClassNames),
            iter: 500);

    [Theory]
    [InlineData("0")]
    [InlineData("x")]
    [InlineData("65537")]
    public void A_damaged_stride_of_our_own_is_refused(string stride)
    {
        var metadata = new Dictionary<string, string>(ModelCard.FromMetadata(s_metadata)!.ToMetadata()) { ["distillsharp.stride"] = stride };
        Assert.Contains($"'distillsharp.stride' holds '{stride}'", Assert.Throws<DataException>(() => ModelCard.FromMetadata(metadata)).Message, StringComparison.Ordinal);
    }

    private static void Same(ModelCard expected, ModelCard? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Task, expected.Stride, expected.Input.Height, expected.Input.Width), (actual.Task, actual.Stride, actual.Input.Height, actual.Input.Width));
        Assert.Equal(expected.ClassNames, actual.ClassNames);
        Assert.Equal(expected.Provenance, actual.Provenance);
    }
}
