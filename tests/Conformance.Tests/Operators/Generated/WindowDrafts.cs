using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Convolutions and poolings over one, two and three axes.</summary>
internal static class WindowDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Conv"] = (1, Conv),
        ["ConvTranspose"] = (1, ConvTranspose),
        ["MaxPool"] = (12, MaxPool),
        ["AveragePool"] = (11, AveragePool),
        ["LpPool"] = (11, d =>
        {
            Pool(d, dilations: d.Opset >= 18, ceil: d.Opset >= 18);
            d.With("p", d.Next(1, 3)).Outputs(1);
        }
        ),
        ["GlobalAveragePool"] = (1, d => d.Floats(d.Shape(3, 5)).Outputs(1)),
        ["GlobalMaxPool"] = (1, d => d.Floats(d.Shape(3, 5)).Outputs(1)),
        ["GlobalLpPool"] = (2, d => d.Floats(d.Shape(3, 5)).With("p", d.Next(1, 3)).Outputs(1)),
    };

    private static long[] Each(Draft d, int rank, int low, int high) => [.. Enumerable.Range(0, rank).Select(_ => (long)d.Next(low, high))];

    private static void Conv(Draft d)
    {
        int rank = d.Next(1, 3);
        long groups = d.Next(1, 2), inner = d.Next(1, 2), outer = groups * d.Next(1, 2);
        long[] kernel = Each(d, rank, 1, 3);
        d.Floats([d.Next(1, 2), groups * inner, .. Each(d, rank, 5, 8)]).Floats([outer, inner, .. kernel]);
        if (d.Coin())
        {
            d.Floats([outer]);
        }

        d.With("group", groups).Outputs(1);
        Slide(d, rank, kernel, dilations: true);
    }

    private static void ConvTranspose(Draft d)
    {
        int rank = d.Next(1, 3);
        long groups = d.Next(1, 2), inner = d.Next(1, 2), outer = d.Next(1, 2);
        long[] kernel = Each(d, rank, 2, 3), sizes = Each(d, rank, 2, 4), strides = Each(d, rank, 1, 3), dilations = d.Coin() ? Each(d, rank, 1, 2) : Each(d, rank, 1, 1);
        d.Floats([d.Next(1, 2), groups * inner, .. sizes]).Floats([groups * inner, outer, .. kernel]);
        if (d.Coin())
        {
            d.Floats([groups * outer]);
        }

        d.With("group", groups).With("strides", strides).With("dilations", dilations).With("kernel_shape", kernel).Outputs(1);
        switch (d.Next(0, 3))
        {
            case 0:
                d.With("pads", Each(d, 2 * rank, 0, 1));
                break;
            case 1:
                d.With("output_padding", [.. strides.Select(stride => Math.Min(1, stride - 1))]).With("pads", Each(d, 2 * rank, 0, 1));
                break;
            case 2:
                // No stride beyond the kernel: the output ONNX then asks for is longer than the kernel reaches, and ONNX Runtime gives a shorter one.
                d.With("auto_pad", d.Any("SAME_UPPER", "SAME_LOWER")).With("strides", [.. strides.Zip(kernel, Math.Min)]);
                break;
            default:
                // Within what the kernel reaches: a longer output is padded with zeros by ONNX, and refused or not by ONNX Runtime.
                d.With("output_shape", [.. sizes.Select((size, i) => ((size - 1) * strides[i]) + ((kernel[i] - 1) * dilations[i]) + 1 - d.Next(0, 1))]);
                break;
        }
    }

    private static void MaxPool(Draft d)
    {
        Pool(d, dilations: true, ceil: true);
        d.Outputs(1);

        // ONNX Runtime gives places for a whole batch, and only in rows; columns are held by ONNX's own cases.
        if (d.Coin())
        {
            d.Also(ElementType.Int64);
        }
    }

    private static void AveragePool(Draft d)
    {
        // Rounded-up averages before opset 19 count elements beyond the end in ONNX Runtime, and not in ONNX.
        Pool(d, dilations: d.Opset >= 19, ceil: false);
        d.With("count_include_pad", d.Next(0, 1)).Outputs(1);
    }

    private static void Pool(Draft d, bool dilations, bool ceil)
    {
        int rank = d.Next(1, 3);
        long[] kernel = Each(d, rank, 2, 3);
        d.Distinct([d.Next(1, 2), d.Next(1, 2), .. Each(d, rank, 6, 8)]);
        Slide(d, rank, kernel, dilations);
        if (ceil && d.Graph.Nodes[0].Attributes.ContainsKey("auto_pad") is false)
        {
            d.With("ceil_mode", d.Next(0, 1));
        }
    }

    private static void Slide(Draft d, int rank, long[] kernel, bool dilations)
    {
        d.With("kernel_shape", kernel);
        if (d.Coin())
        {
            d.With("strides", Each(d, rank, 1, 3));
        }

        bool dilated = dilations && d.Coin();
        switch (d.Next(0, 3))
        {
            case 0:
                d.With("pads", Each(d, 2 * rank, 0, 1));
                break;
            case 1:
                long[] half = Each(d, rank, 0, 1);
                d.With("pads", [.. half, .. half]);
                break;
            case 2 when !dilated:
                d.With("auto_pad", d.Any("SAME_UPPER", "SAME_LOWER", "VALID"));
                break;
            default:
                break;
        }

        if (dilated)
        {
            d.With("dilations", Each(d, rank, 1, 2));
        }
    }
}
