namespace DistillSharp.Tests.Execution.Operators;

/// <summary>Operators as they were before the operator sets that graphs are drawn for elsewhere.</summary>
public sealed class OlderFormsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Upsample by an attribute"] = () => new OneNode("Upsample", 1, 2, 3, 4).Floats("scales", 1, 1, 2, 3).Opset(7),
        ["Upsample by an attribute, linear"] = () => new OneNode("Upsample", 1, 2, 3, 4).Floats("scales", 1, 1, 2, 2).Text("mode", "linear").Opset(7),
        ["Upsample by an input"] = () => new OneNode("Upsample", 1, 2, 3, 4).Numbers(1, 1, 2, 3).Opset(9),
        ["Resize"] = () => new OneNode("Resize", 1, 2, 4, 6).Numbers(1, 1, 0.5f, 2).Opset(10),
        ["Resize, linear"] = () => new OneNode("Resize", 1, 2, 4, 6).Numbers(1, 1, 0.5f, 2).Text("mode", "linear").Opset(10),
        ["Slice by attributes"] = () => new OneNode("Slice", 4, 6).Ints("starts", 1, -4).Ints("ends", 3, 9223372036854775807).Ints("axes", 0, 1).Opset(9),
        ["Softmax over a flattened tail"] = () => new OneNode("Softmax", 2, 3, 4).Opset(9),
        ["Pad by attributes"] = () => new OneNode("Pad", 3, 4).Ints("pads", 1, 0, 2, 1).Float("value", 0.5f).Opset(10),
        ["Pad by attributes, reflected"] = () => new OneNode("Pad", 3, 4).Ints("pads", 1, 0, 2, 1).Text("mode", "reflect").Opset(10),
        ["Unsqueeze by an attribute"] = () => new OneNode("Unsqueeze", 2, 3).Ints("axes", 0, 2).Opset(9),
        ["ReduceSum by an attribute"] = () => new OneNode("ReduceSum", 2, 3, 4).Ints("axes", 0, 2).Opset(9),
        ["BatchNormalization"] = () => new OneNode("BatchNormalization", 2, 3, 4).Weight(3).Weight(3).Positive(3).Positive(3).Opset(7),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
