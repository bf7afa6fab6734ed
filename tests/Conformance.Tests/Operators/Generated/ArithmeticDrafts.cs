using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Functions of two or more numbers, comparisons, products.</summary>
internal static class ArithmeticDrafts
{
    private static readonly string[] s_equations = ["ij,jk->ik", "bij,bjk->bik", "ij->ji", "ij->i", "i,i->", "ij,ij->", "...ij,...jk->...ik", "bii->bi", "ii->", "bhwc,hkc->bhwk", "ij,k->ijk"];

    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Add"] = (7, d => Pair(d)),
        ["Sub"] = (7, d => Pair(d)),
        ["Mul"] = (7, d => Pair(d)),
        ["Div"] = (7, d => Pair(d, divides: true)),
        ["Mod"] = (10, Mod),
        ["Pow"] = (12, Pow),
        ["Sum"] = (8, d => Several(d, integers: false)),
        ["Mean"] = (8, d => Several(d, integers: false)),
        ["Max"] = (12, d => Several(d, d.Coin())),
        ["Min"] = (12, d => Several(d, d.Coin())),
        ["Equal"] = (11, Compare),
        ["Greater"] = (9, Compare),
        ["Less"] = (9, Compare),
        ["GreaterOrEqual"] = (12, Compare),
        ["LessOrEqual"] = (12, Compare),
        ["And"] = (7, Logic),
        ["Or"] = (7, Logic),
        ["Xor"] = (7, Logic),
        ["Where"] = (9, Where),
        ["MatMul"] = (9, MatMul),
        ["Gemm"] = (11, Gemm),
        ["Einsum"] = (12, Einsum),
    };

    private static void Pair(Draft d, bool divides = false)
    {
        long[] shape = d.Shape(), narrow = d.Narrower(shape);
        bool swap = d.Coin();
        switch (d.Next(0, 2))
        {
            case 0:
                d.Integers(swap ? narrow : shape, -20, 20).Integers(swap ? shape : narrow, divides ? 1 : -20, 20).Output(ElementType.Int64);
                break;
            case 1:
                d.Ints(swap ? narrow : shape, -20, 20).Ints(swap ? shape : narrow, divides ? 1 : -20, 20).Output(ElementType.Int32);
                break;
            default:
                d.Floats(swap ? narrow : shape).Floats(swap ? shape : narrow, divides ? 0.5 : -2).Outputs(1);
                break;
        }
    }

    private static void Mod(Draft d)
    {
        long[] shape = d.Shape(), narrow = d.Narrower(shape);
        if (d.Coin())
        {
            d.Integers(shape, -20, 20).Integers(narrow, 1, 7).With("fmod", d.Next(0, 1)).Output(ElementType.Int64);
            return;
        }

        d.Floats(shape, -9, 9).Floats(narrow, 1, 3).With("fmod", 1L).Outputs(1);
    }

    private static void Pow(Draft d)
    {
        long[] shape = d.Shape(), narrow = d.Narrower(shape);
        switch (d.Next(0, 2))
        {
            case 0:
                d.Floats(shape, 0.2, 3).Floats(narrow).Outputs(1);
                break;
            case 1:
                d.Floats(shape, -2, 2).Integers(narrow, 0, 4).Outputs(1);
                break;
            default:
                d.Integers(shape, -5, 5).Integers(narrow, 0, 4).Output(ElementType.Int64);
                break;
        }
    }

    private static void Several(Draft d, bool integers)
    {
        long[] shape = d.Shape();
        int count = d.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            long[] own = i == 0 ? shape : d.Narrower(shape);
            _ = integers ? d.Ints(own, -9, 9) : d.Floats(own);
        }

        d.Output(integers ? ElementType.Int32 : ElementType.Float32);
    }

    private static void Compare(Draft d)
    {
        long[] shape = d.Shape(), narrow = d.Narrower(shape);
        _ = d.Coin() ? d.Integers(shape, -2, 2).Integers(narrow, -2, 2) : d.Floats(shape).Floats(narrow);
        d.Output(ElementType.Bool);
    }

    private static void Logic(Draft d)
    {
        long[] shape = d.Shape();
        d.Flags(shape).Flags(d.Narrower(shape)).Output(ElementType.Bool);
    }

    private static void Where(Draft d)
    {
        long[] shape = d.Shape();
        int whole = d.Next(0, 2);
        d.Flags(whole == 0 ? shape : d.Narrower(shape)).Floats(whole == 1 ? shape : d.Narrower(shape)).Floats(whole == 2 ? shape : d.Narrower(shape)).Outputs(1);
    }

    private static void MatMul(Draft d)
    {
        long inner = d.Next(1, 5), rows = d.Next(1, 4), columns = d.Next(1, 4);
        long[] batches = d.Shape(0, 2, 3), fewer = d.Narrower(batches);
        _ = d.Next(0, 3) switch
        {
            0 => d.Floats([inner]).Floats([inner]),
            1 => d.Floats([inner]).Floats([.. batches, inner, columns]),
            2 => d.Floats([.. batches, rows, inner]).Floats([inner]),
            _ => d.Floats([.. batches, rows, inner]).Floats([.. fewer, inner, columns]),
        };
        d.Outputs(1);
    }

    private static void Gemm(Draft d)
    {
        long inner = d.Next(1, 5), rows = d.Next(1, 4), columns = d.Next(1, 4);
        bool left = d.Coin(), right = d.Coin();
        d.Floats(left ? [inner, rows] : [rows, inner]).Floats(right ? [columns, inner] : [inner, columns]);
        _ = d.Next(0, 4) switch
        {
            0 => d,
            1 => d.Floats([columns]),
            2 => d.Floats([rows, 1]),
            3 => d.Floats([]),
            _ => d.Floats([rows, columns]),
        };
        d.With("transA", left ? 1L : 0).With("transB", right ? 1L : 0).Outputs(1);
        if (d.Coin())
        {
            d.With("alpha", d.Real(0.2, 2)).With("beta", d.Real(0.2, 2));
        }
    }

    private static void Einsum(Draft d)
    {
        string equation = d.Any<string>(s_equations);
        var sizes = new Dictionary<char, long>();
        long[] batches = d.Shape(0, 2, 3);
        foreach (string term in equation.Split("->")[0].Split(','))
        {
            var letters = term.Replace("...", "", StringComparison.Ordinal);
            long[] own = [.. letters.Select(letter => sizes.TryGetValue(letter, out long size) ? size : sizes[letter] = d.Next(1, 4))];
            d.Floats(term.Length == letters.Length ? own : [.. batches, .. own]);
        }

        d.With("equation", equation).Outputs(1);
    }
}
