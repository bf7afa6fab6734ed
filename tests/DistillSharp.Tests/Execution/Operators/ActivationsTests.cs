namespace DistillSharp.Tests.Execution.Operators;

public sealed class ActivationsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Relu"] = () => new OneNode("Relu", 3, 4),
        ["Sigmoid"] = () => new OneNode("Sigmoid", 3, 4),
        ["Tanh"] = () => new OneNode("Tanh", 3, 4),
        ["Clip"] = () => new OneNode("Clip", 3, 4),
        ["Clip on both sides"] = () => new OneNode("Clip", 6, 8).Scalar(-0.5f).Scalar(0.75f),
        ["Clip below"] = () => new OneNode("Clip", 6, 8).Scalar(-0.5f),
        ["Clip above"] = () => new OneNode("Clip", 6, 8).LeftOut().Scalar(0.25f),
        ["Clip as it was before opset 11"] = () => new OneNode("Clip", 6, 8).Float("min", -0.5f).Float("max", 0.25f).Opset(10),
        ["Clip above as it was before opset 11"] = () => new OneNode("Clip", 6, 8).Float("max", 0.25f).Opset(7),
        ["Softmax"] = () => new OneNode("Softmax", 3, 4),
        ["Softmax along another axis"] = () => new OneNode("Softmax", 2, 3, 4).Int("axis", 1),
        ["Softmax along a negative axis"] = () => new OneNode("Softmax", 2, 3, 4).Int("axis", -2),
        ["LogSoftmax"] = () => new OneNode("LogSoftmax", 3, 4),
        ["LogSoftmax along another axis"] = () => new OneNode("LogSoftmax", 2, 3, 4).Int("axis", 0),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
