using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

/// <summary>New names on a detector's card leave it a detector.</summary>
public sealed class ConvertDetectorCardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Files => new() { { "planes", false }, { "planes", true }, { "rows", false }, { "rows", true }, { "finished", false }, { "finished", true } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Task_and_stride_stay_whatever_the_form_and_the_size(string form, bool isFixed)
    {
        Save(ColourDetector.Create(isFixed ? 1 : null, isFixed ? (64, 64) : null, form, ColourDetector.Metadata));

        Convert("rouge", "vert", "bleu").Done();

        var card = Card();
        Assert.Equal(("detect", 32, "rouge, vert, bleu"), (card.Task, card.Stride, string.Join(", ", card.ClassNames)));
        Assert.Equal([0f, 0, 0], card.Input.Mean);
        Assert.Equal("{0: 'rouge', 1: 'vert', 2: 'bleu'}", OnnxFile.Load(_folder["new.onnx"]).Metadata["names"]);
        string picture = ColourData.Picture(_folder, "p.png", 2, 2, (1, 0, 2));
        Assert.Contains("1 bleu", DistillCommand.RunIn(_folder.Path, ["predict", "--model", "new.onnx", picture]).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planes", 4)]
    [InlineData("rows", 2)]
    public void Too_many_or_too_few_names_are_refused(string form, int count)
    {
        Save(ColourDetector.Create(1, (64, 64), form, ColourDetector.Metadata));

        Convert([.. Enumerable.Range(0, count).Select(i => $"name {i}")]).Refused(2, $"There are {count} class names, but the model's output 'output0' is [1, ", "Give one name for each class.");
        Assert.False(File.Exists(_folder["new.onnx"]));
    }

    [Fact]
    public void A_detector_without_a_card_becomes_one_with_it()
    {
        Save(ColourDetector.Create(1, (64, 64)));

        Convert("red", "green", "blue").Done();

        var card = Card();
        Assert.Equal(("detect", 32, 64, 64), (card.Task, card.Stride, card.Input.Height, card.Input.Width));
        Assert.Equal([1f, 1, 1], card.Input.Deviation);
    }

    [Fact]
    public void A_mean_that_is_given_is_written_and_the_rest_stays()
    {
        Save(ColourDetector.Create(metadata: ColourDetector.Metadata));

        DistillCommand.RunIn(_folder.Path, ["convert", "m.onnx", "--mean", "0.5", "--std", "0.25", "--out", "new.onnx"]).Done();

        var card = Card();
        Assert.Equal(("detect", 32, "red, green, blue"), (card.Task, card.Stride, string.Join(", ", card.ClassNames)));
        Assert.Equal([0.5f, 0.5f, 0.5f], card.Input.Mean);
        Assert.Equal([0.25f, 0.25f, 0.25f], card.Input.Deviation);
    }

    [Fact]
    public void A_classifier_stays_one()
    {
        ColourClassifier.Save(_folder, ["red", "blue"], ["a", "b"], "m.onnx");

        Convert("red", "blue").Done();
        Assert.Equal(("classification", null, "red, blue"), (Card().Task, Card().Stride, string.Join(", ", Card().ClassNames)));
        Convert("red", "blue", "green").Refused(2, "There are 3 class names, but the model's output 'y' is [batch, 2].");
    }

    private void Save(ModelGraph graph) => OnnxFile.Save(graph, _folder["m.onnx"]);

    private CommandResult Convert(params string[] names) =>
        DistillCommand.RunIn(_folder.Path, ["convert", "m.onnx", "--names", _folder.Write("names.txt", string.Join('\n', names)), "--out", "new.onnx"]);

    private ModelCard Card() => ModelCard.FromMetadata(new Dictionary<string, string>(OnnxFile.Load(_folder["new.onnx"]).Metadata))!;
}
