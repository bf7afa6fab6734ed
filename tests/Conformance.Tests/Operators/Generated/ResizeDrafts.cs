using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Resizing, as far as ONNX Runtime has kernels: cubic only over the last two of four axes, and nothing beyond five.</summary>
internal static class ResizeDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Resize"] = (11, Resize),
    };

    private static void Resize(Draft d)
    {
        string mode = d.Any("nearest", "linear", "cubic");
        long[] shape = [1, d.Next(1, 2), d.Next(3, 5), d.Next(3, 5)];
        bool antialias = d.Opset >= 18 && mode != "nearest" && d.Next(0, 3) == 0;

        // ONNX Runtime's antialiasing knows half pixels only.
        string coordinates = antialias ? "half_pixel" : d.Any<string>(d.Opset >= 19 && mode != "cubic"
            ? ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"]
            : ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]);
        d.Floats(shape);

        // In opset 11 the region and the scales are no optional inputs yet: they are given and empty.
        _ = d.Opset < 13 ? d.Constant(TensorData.Create<float>([], 0)) : d.LeftOut();
        long[] sizes = [1, shape[1], d.Next(2, 9), d.Next(2, 9)];

        // Align_corners by a scale whose product is no whole number: ONNX divides by that product less 1, ONNX Runtime by the size less 1.
        if (coordinates != "align_corners" && d.Coin())
        {
            float[] scales = [1, 1, d.Any(0.5f, 0.75f, 1.5f, 2f, 2.5f), d.Any(0.5f, 0.75f, 1.5f, 2f, 3f)];
            d.Constant(TensorData.Create<float>(scales, 4));
        }
        else
        {
            _ = d.Opset < 13 ? d.Constant(TensorData.Create<float>([], 0)) : d.LeftOut();

            // Computed sizes ONNX Runtime's shape inference refuses as none.
            d.Constant(TensorData.Create<long>(sizes, 4));
        }

        d.With("mode", mode).With("coordinate_transformation_mode", coordinates).Outputs(1);
        if (mode == "nearest")
        {
            d.With("nearest_mode", d.Any("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        }

        if (mode == "cubic")
        {
            d.With("cubic_coeff_a", d.Any(-0.75, -0.5));
            if (!antialias)
            {
                d.With("exclude_outside", d.Next(0, 1));
            }
        }

        if (antialias)
        {
            d.With("antialias", 1L);
        }
    }
}
