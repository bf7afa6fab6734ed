namespace DistillSharp.Tests.Execution.Operators;

public sealed class PoolingsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["MaxPool"] = () => new OneNode("MaxPool", 2, 3, 6, 8).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2),
        ["MaxPool, padded, of unequal sides"] = () => new OneNode("MaxPool", 2, 3, 7, 8).Ints("kernel_shape", 3, 2).Ints("strides", 2, 1).Ints("pads", 1, 1, 1, 1),
        ["MaxPool, dilated"] = () => new OneNode("MaxPool", 1, 2, 9, 9).Ints("kernel_shape", 3, 3).Ints("dilations", 2, 2),
        ["MaxPool, rounded up"] = () => new OneNode("MaxPool", 1, 2, 7, 6).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Int("ceil_mode", 1),
        ["MaxPool, rounded up, padded"] = () => new OneNode("MaxPool", 1, 2, 6, 6).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Ints("pads", 1, 1, 1, 1).Int("ceil_mode", 1),
        ["AveragePool"] = () => new OneNode("AveragePool", 2, 3, 6, 8).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2),
        ["AveragePool, padding left out"] = () => new OneNode("AveragePool", 2, 3, 7, 8).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Ints("pads", 1, 1, 1, 1),
        ["AveragePool, padding counted"] = () => new OneNode("AveragePool", 2, 3, 7, 8).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Ints("pads", 1, 1, 1, 1).Int("count_include_pad", 1),
        ["AveragePool, rounded up"] = () => new OneNode("AveragePool", 1, 2, 7, 6).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Int("ceil_mode", 1),
        ["AveragePool, rounded up, padding counted"] = () => new OneNode("AveragePool", 1, 2, 8, 8).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2).Ints("pads", 1, 1, 1, 1).Int("ceil_mode", 1).Int("count_include_pad", 1),
        ["GlobalAveragePool"] = () => new OneNode("GlobalAveragePool", 2, 3, 5, 4),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();
}
