namespace DistillSharp.Tests.Execution.Operators;

public sealed class ConvolutionsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["Conv"] = () => new OneNode("Conv", 2, 3, 7, 6).Weight(4, 3, 3, 3),
        ["Conv with a bias, padded"] = () => new OneNode("Conv", 2, 3, 7, 6).Weight(4, 3, 3, 3).Weight(4).Ints("pads", 1, 2, 1, 2),
        ["Conv with strides and dilations of its own in each direction"] = () => new OneNode("Conv", 1, 2, 11, 12).Weight(3, 2, 3, 2).Ints("strides", 2, 3).Ints("dilations", 2, 3).Ints("kernel_shape", 3, 2),
        ["Conv in groups"] = () => new OneNode("Conv", 2, 6, 5, 5).Weight(4, 3, 3, 3).Int("group", 2),
        ["Conv of one channel a group"] = () => new OneNode("Conv", 2, 4, 5, 5).Weight(4, 1, 3, 3).Weight(4).Int("group", 4).Ints("pads", 1, 1, 1, 1),
        ["Conv 1x1, strided"] = () => new OneNode("Conv", 2, 4, 6, 6).Weight(8, 4, 1, 1).Ints("strides", 2, 2),
        ["Conv VALID"] = () => new OneNode("Conv", 1, 2, 6, 6).Weight(3, 2, 3, 3).Text("auto_pad", "VALID"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
