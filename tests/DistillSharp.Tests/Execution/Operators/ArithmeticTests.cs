namespace DistillSharp.Tests.Execution.Operators;

public sealed class ArithmeticTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Add"] = () => new OneNode("Add", 2, 3, 4).Weight(2, 3, 4),
        ["Add with broadcasting"] = () => new OneNode("Add", 2, 3, 4).Weight(3, 1),
        ["Add where the input is broadcast"] = () => new OneNode("Add", 3, 1).WeightFirst(2, 3, 4),
        ["Add to itself"] = () => new OneNode("Add", 2, 3).Again(),
        ["Sub"] = () => new OneNode("Sub", 2, 3, 4).Weight(4),
        ["Sub from a constant"] = () => new OneNode("Sub", 2, 3).WeightFirst(2, 3),
        ["Mul"] = () => new OneNode("Mul", 2, 3, 4).Weight(3, 1),
        ["Mul by itself"] = () => new OneNode("Mul", 2, 3).Again(),
        ["Div"] = () => new OneNode("Div", 2, 3, 4).Positive(4),
        ["ReduceMean"] = () => new OneNode("ReduceMean", 2, 3, 4).Ints("axes", 1, 2),
        ["ReduceMean, dimension dropped"] = () => new OneNode("ReduceMean", 2, 3, 4).Ints("axes", -1).Int("keepdims", 0),
        ["ReduceMean as it is from opset 18"] = () => new OneNode("ReduceMean", 2, 3, 4).Constant(0, -2).Opset(18),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
