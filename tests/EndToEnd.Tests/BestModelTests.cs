using Microsoft.ML.OnnxRuntime;

namespace EndToEnd.Tests;

public class BestModelTests(TinyRun run)
{
    [Fact]
    public void Runs_in_ONNX_Runtime_for_any_number_of_pictures_with_nothing_of_ours()
    {
        using var session = new InferenceSession(run.At("seed-0/distilled/weights/best.onnx"));
        foreach (int count in new[] { 1, 5 })
        {
            float[] pixels = [.. Enumerable.Range(0, count * 784).Select(i => (i % 17) / 17f)];
            using var input = OrtValue.CreateTensorValueFromMemory(pixels, [count, 1, 28, 28]);
            using var options = new RunOptions();
            using var answers = session.Run(options, [session.InputNames[0]], [input], session.OutputNames);
            Assert.Equal([count, 10], answers[0].GetTensorTypeAndShape().Shape);
            Assert.All(answers[0].GetTensorDataAsSpan<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Carries_what_is_needed_to_use_it_and_where_it_comes_from()
    {
        using var session = new InferenceSession(run.At("seed-0/distilled/weights/best.onnx"));
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("1x28x28", metadata["distillsharp.input"]);
        Assert.Equal("""["B","C","D","E","F","G","O","P","Q","R"]""", metadata["distillsharp.names"]);
        Assert.Equal("distilled", metadata["distillsharp.provenance.role"]);
        Assert.Equal("0", metadata["distillsharp.provenance.seed"]);
    }
}
