using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Numerics;

namespace Conformance.Tests.Operators;

/// <summary>
/// Whole models whose weights are made by nodes. Their stored outputs belong to the input that ONNX's own runner feeds such models: the
/// numbers from 0 up to the count of elements, divided by that count.
/// </summary>
[Trait("Category", "Golden")]
public sealed class GoldenModelTests
{
    private const string Stored = "_output_0.pb";

    [Fact]
    public void Every_model_gives_its_stored_output_and_that_of_the_session()
    {
        var wrong = new List<string>();
        var outputs = GoldenFiles.Of("onnx-models", "*" + Stored);
        foreach (string path in outputs)
        {
            var model = OnnxFile.Load(path.Replace(Stored, ".onnx", StringComparison.Ordinal));
            var inputs = model.Inputs.ToDictionary(input => input.Name, Ramp, StringComparer.Ordinal);
            using var executor = new GraphExecutor(model);
            var actual = executor.Evaluate(inputs)[model.Outputs[0].Name];
            double stored = Error(actual, OnnxFile.LoadTensor(path).Data), session = Error(actual, ReferenceSession.Run(model, inputs)[model.Outputs[0].Name]);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {stored:e1} from the stored output, {session:e1} from the session");
            if (!(stored <= 1e-3 && session <= 1e-3))
            {
                wrong.Add($"{path}: {stored} from the stored output, {session} from the session");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>
    /// Weights that nodes make are all alike and the output is flat; with weights drawn at random, every layer matters. Models of more than
    /// 50 million weights are left out: five copies of them would be held at once.
    /// </summary>
    [Fact]
    public void Every_model_with_random_weights_gives_what_the_session_gives()
    {
        foreach (string path in GoldenFiles.Of("onnx-models", "*" + Stored))
        {
            var model = OnnxFile.Load(path.Replace(Stored, ".onnx", StringComparison.Ordinal));
            if (RandomWeights.Count(model) > 50_000_000)
            {
                continue;
            }

            RandomWeights.Replace(model);
            var inputs = model.Inputs.ToDictionary(input => input.Name, Ramp, StringComparer.Ordinal);
            using var executor = new GraphExecutor(model);
            string output = model.Outputs[0].Name;
            double error = Error(executor.Evaluate(inputs)[output], ReferenceSession.Run(model, inputs)[output]);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {error:e1} from the session");
            Assert.True(error <= 1e-3, $"{path}: {error} from the session");
        }
    }

    private static TensorData Ramp(GraphValue input)
    {
        long[] shape = [.. input.Shape!.Select(dimension => dimension.Size ?? 1)];
        long count = TensorData.CountOf(shape);
        return TensorData.Create<float>([.. Enumerable.Range(0, (int)count).Select(i => (float)(i / (double)count))], shape);
    }

    private static double Error(TensorData actual, TensorData expected)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        return CentralDifferences.RelativeError(Numbers.Of(actual), Numbers.Of(expected));
    }
}
