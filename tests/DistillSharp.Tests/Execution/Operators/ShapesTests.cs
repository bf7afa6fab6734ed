namespace DistillSharp.Tests.Execution.Operators;

public sealed class ShapesTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Flatten"] = () => new OneNode("Flatten", 2, 3, 4, 5),
        ["Flatten from the first axis"] = () => new OneNode("Flatten", 2, 3, 4).Int("axis", 0),
        ["Flatten up to the last axis"] = () => new OneNode("Flatten", 2, 3, 4).Int("axis", 3),
        ["Flatten from a negative axis"] = () => new OneNode("Flatten", 2, 3, 4).Int("axis", -1),
        ["Flatten a row"] = () => new OneNode("Flatten", 4),
        ["Reshape"] = () => new OneNode("Reshape", 2, 3, 4).Constant(6, 4),
        ["Reshape, one size worked out, one copied"] = () => new OneNode("Reshape", 2, 3, 4).Constant(0, -1),
        ["Transpose"] = () => new OneNode("Transpose", 2, 3, 4, 5).Ints("perm", 0, 3, 1, 2),
        ["Concat"] = () => new OneNode("Concat", 2, 3, 4).Weight(2, 5, 4).Again().Int("axis", 1),
        ["Concat along a negative axis"] = () => new OneNode("Concat", 2, 3).Weight(2, 1).Int("axis", -1),
        ["Split"] = () => new OneNode("Split", 2, 6, 3).Constant(1, 2, 3).Int("axis", 1).Outputs(3),
        ["Split in equal parts"] = () => new OneNode("Split", 2, 6).Int("axis", -1).Outputs(3),
        ["Split as it was before opset 13"] = () => new OneNode("Split", 2, 6).Ints("split", 2, 4).Int("axis", 1).Outputs(2).Opset(11),
        ["Split in parts whose last is smaller"] = () => new OneNode("Split", 2, 7).Int("axis", 1).Int("num_outputs", 3).Outputs(3).Opset(18),
        ["Slice"] = () => new OneNode("Slice", 4, 6).Constant(1, 0).Constant(3, 9223372036854775807),
        ["Slice with axes and steps, from behind"] = () => new OneNode("Slice", 4, 9).Constant(-7).Constant(-1).Constant(-1).Constant(2),
        ["Squeeze"] = () => new OneNode("Squeeze", 2, 1, 3, 1).Constant(1, 3),
        ["Squeeze as it was before opset 13"] = () => new OneNode("Squeeze", 2, 1, 3, 1).Ints("axes", 3, 1).Opset(11),
        ["Unsqueeze"] = () => new OneNode("Unsqueeze", 2, 3).Constant(3, 0),
        ["Unsqueeze as it was before opset 13"] = () => new OneNode("Unsqueeze", 2, 3).Ints("axes", 1).Opset(11),
        ["Identity"] = () => new OneNode("Identity", 2, 3),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
