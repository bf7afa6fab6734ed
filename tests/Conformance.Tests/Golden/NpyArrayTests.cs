using System.Text;
using DistillSharp.TestKit.Golden;

namespace Conformance.Tests.Golden;

/// <summary>NumPy's arrays as its format describes them: in C order the last index runs fastest, in Fortran order the first.</summary>
public sealed class NpyArrayTests
{
    [Theory]
    [InlineData("False", "2, 3", new[] { 1f, 2, 3, 4, 5, 6 }, new double[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("True", "2, 3", new[] { 1f, 4, 2, 5, 3, 6 }, new double[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("True", "2, 1, 2", new[] { 1f, 3, 2, 4 }, new double[] { 1, 2, 3, 4 })]
    [InlineData("True", "2, 3, 2", new[] { 1f, 7, 3, 9, 5, 11, 2, 8, 4, 10, 6, 12 }, new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })]
    [InlineData("True", "3,", new[] { 1f, 2, 3 }, new double[] { 1, 2, 3 })]
    [InlineData("True", "", new[] { 7f }, new double[] { 7 })]
    public void Elements_come_in_C_order_whatever_the_file_s(string fortran, string shape, float[] stored, double[] expected)
    {
        var array = NpyArray.Parse("x.npy", File(fortran, shape, stored));

        Assert.Equal(shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse), array.Shape);
        Assert.Equal(expected, array.Values);
    }

    [Fact]
    public void A_file_that_names_no_order_is_refused() => Assert.Throws<InvalidDataException>(() => NpyArray.Parse("x.npy", File("", "1,", [1f])));

    private static byte[] File(string fortran, string shape, float[] stored)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '<f4', 'fortran_order': {fortran}, 'shape': ({shape}), }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. header, .. stored.SelectMany(BitConverter.GetBytes)];
    }
}
