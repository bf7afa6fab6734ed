using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;
using static DistillSharp.Tests.Recipes.RecipeMistakes;

namespace DistillSharp.Tests.Runs;

public sealed class QuantizedStudentTests
{
    private static Recipe Asked { get; } = TinyRun.Recipe with { Quantization = new() { Samples = 64 } };

    [Fact]
    public void A_recipe_that_asks_for_it_ends_with_an_INT8_student()
    {
        using var folder = new TemporaryFolder();

        var result = folder.Run(Asked);

        Assert.Equal(["teacher", "control", "distilled", "int8"], result.Report.Variants.Select(variant => variant.Name));
        var (distilled, int8) = (result.Report.Find("distilled")!, result.Report.Find("int8")!);
        Assert.Equal((distilled.Model, distilled.Parameters, distilled.Macs), (int8.Model, int8.Parameters, int8.Macs));
        Assert.InRange(int8.FileLength, 1, distilled.FileLength / 3);
        Assert.InRange(Math.Abs(int8.Seeds[0].Score.Top1 - distilled.Seeds[0].Score.Top1), 0, 0.02);
        Assert.Equal(folder["run", "seed-0", "int8", "weights", "best.onnx"], result.StudentPath);

        var graph = OnnxFile.Load(result.StudentPath);
        Assert.Equal(2, graph.Initializers.Count(initializer => initializer.Data is { Type: ElementType.Int8, Shape.Count: 2 }));
        var card = ModelCard.FromMetadata(graph.Metadata.ToDictionary())!;
        Assert.Equal("int8", card.Provenance["role"]);
        Assert.EndsWith("64 training samples", card.Provenance["quantization"], StringComparison.Ordinal);
        using var session = ModelSession.Open(result.StudentPath);
        Assert.Equal(result.Report.ClassNames, session.Card!.ClassNames);
    }

    [Fact]
    public void The_log_tells_layers_and_speed()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();

        Distiller.Run(Asked with { Evaluation = new() }, new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken);

        string told = Assert.Single(log.Lines, line => line.Contains("INT8", StringComparison.Ordinal));
        Assert.Matches(@"^seed 0: 2 of 2 layers are INT8 \(.+, MinMax, 64 training samples\); one image on one thread takes 0\.\d{3} ms, in float 0\.\d{3} ms: (\d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\) times as fast, 95 % interval|here INT8 is slower)", told);
    }

    [Fact]
    public void A_student_trained_alone_becomes_INT8_too()
    {
        using var folder = new TemporaryFolder();

        var result = folder.Run(Asked with { Teacher = new() });

        Assert.Equal(["student", "int8"], result.Report.Variants.Select(variant => variant.Name));
        Assert.Null(result.Report.Gain);
    }

    [Fact]
    public void A_student_that_cannot_be_INT8_is_refused_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var graph = new ModelGraph { Name = "sum" };
        graph.Inputs.Add(new("input", ElementType.Float32, [Dimension.Named("batch"), 1, 28, 28]));
        graph.Outputs.Add(new("logits", ElementType.Float32, [Dimension.Named("batch"), 784]));
        graph.Nodes.Add(new("Flatten", ["input"], ["logits"]));
        OnnxFile.Save(graph, folder["sum.onnx"]);

        var error = Assert.Throws<DataException>(() => folder.Run(Asked with { Student = new() { Weights = folder["sum.onnx"] } }));

        Assert.Contains("'sum.onnx'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_settings_are_words_and_numbers_of_the_recipe_and_come_out_again()
    {
        var read = RecipeReader.Parse("data: glyphs\nteacher: resnet8\nstudent: mlp\nquantization: {calibration: moving-average, samples: 32, target: avx2-unsigned, correct-bias: true}\n");

        Assert.Equal(new() { Calibration = CalibrationMethod.MovingAverage, Samples = 32, Target = QuantizationTarget.Avx2Unsigned, CorrectBias = true }, read.Quantization);
        Assert.Equal(read.Quantization, RecipeReader.Parse(RecipeWriter.Write(read)).Quantization);
        Assert.Contains("  target: avx2-unsigned\n", RecipeWriter.Write(read), StringComparison.Ordinal);
        Assert.Equal(new(), RecipeReader.Parse(Sound + "quantization: {}\n").Quantization);
        Assert.Null(RecipeReader.Parse(Sound).Quantization);
    }

    [Theory]
    [InlineData("quantization:\n", 4, "quantization", "'{}'")]
    [InlineData("quantization: {calibration: entropi}\n", 4, "entropi", "Did you mean 'entropy'?")]
    [InlineData("quantization: {target: [vnni]}\n", 4, "[", "auto, vnni, arm, avx2, avx2-unsigned")]
    [InlineData("quantization: {samples: 0}\n", 4, "0", "1 sample or more")]
    [InlineData("quantization: {percentile: 20}\n", 4, "20", "above 50")]
    public void Mistakes_are_told_where_they_stand(string text, int line, string underlined, string said)
    {
        var problem = Assert.Single(In(Sound + text));

        Assert.Equal(line, problem.Line);
        Assert.StartsWith(underlined, Underlined(problem), StringComparison.Ordinal);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }
}
