using System.Globalization;
using System.Numerics;

namespace DistillSharp.Weights.Pickle;

/// <summary>Numbers as pickles write them.</summary>
internal static class PickleNumbers
{
    /// <summary>No number of a checkpoint is longer; turning a long one into text or back costs the square of its length.</summary>
    private const int MostBytes = 32, MostDigits = 80;

    /// <summary>A whole number of any length, little-endian, two's complement.</summary>
    public static object Whole(PickleCursor cursor, uint length)
    {
        if (length > MostBytes)
        {
            throw cursor.Error($"a whole number has {length} bytes; {MostBytes} are the most that are read");
        }

        return Narrow(new BigInteger(cursor.Bytes(length)));
    }

    /// <summary>A whole number written as digits; <c>00</c> and <c>01</c> are false and true.</summary>
    public static object Whole(PickleCursor cursor, string text, bool mayBeBool)
    {
        string digits = text.EndsWith('L') ? text[..^1] : text;
        return mayBeBool && text is "00" or "01" ? text == "01"
            : digits.Length <= MostDigits && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Narrow(number)
            : throw cursor.Error("a whole number is expected, but the text is none");
    }

    /// <summary>A float written as digits.</summary>
    public static double Float(PickleCursor cursor, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw cursor.Error("a number is expected, but the text is none");

    private static object Narrow(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
}
