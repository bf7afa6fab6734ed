namespace DistillSharp.Tests.Execution.Operators;

public sealed class ProductsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Gemm"] = () => new OneNode("Gemm", 3, 4).Weight(4, 5),
        ["Gemm with a row of biases"] = () => new OneNode("Gemm", 3, 4).Weight(4, 5).Weight(5),
        ["Gemm, right side transposed"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Int("transB", 1),
        ["Gemm, right side transposed, with biases"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight(5).Int("transB", 1),
        ["Gemm, right side transposed, with a matrix of biases"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight(3, 5).Int("transB", 1),
        ["Gemm, right side transposed, with a column of biases"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight(3, 1).Int("transB", 1),
        ["Gemm, right side transposed, with one bias"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight(1).Int("transB", 1),
        ["Gemm, right side transposed, with a scalar bias"] = () => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight().Int("transB", 1),
        ["Gemm, left side transposed"] = () => new OneNode("Gemm", 4, 3).Weight(4, 5).Int("transA", 1),
        ["Gemm with factors"] = () => new OneNode("Gemm", 4, 3).Weight(5, 4).Weight(5).Int("transA", 1).Int("transB", 1).Float("alpha", 0.3f).Float("beta", -1.7f),
        ["Gemm with a column of biases"] = () => new OneNode("Gemm", 3, 4).Weight(4, 5).Weight(3, 1).Float("beta", 2),
        ["MatMul"] = () => new OneNode("MatMul", 3, 4).Weight(4, 5),
        ["MatMul of a batch"] = () => new OneNode("MatMul", 2, 3, 4).Weight(4, 5),
        ["MatMul of two batches"] = () => new OneNode("MatMul", 2, 3, 4).Weight(2, 4, 5),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
