using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Values made of sizes and indices.</summary>
internal static class ConstantDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["ConstantOfShape"] = (9, d =>
        {
            bool integers = d.Coin();
            d.List(d.Shape()).With("value", new TensorValue(integers ? TensorData.Create<long>([d.Next(-9, 9)], 1) : TensorData.Create<float>([(float)d.Real(-2, 2)], 1)));
            d.Output(integers ? ElementType.Int64 : ElementType.Float32);
        }
        ),
        ["Range"] = (11, d =>
        {
            if (d.Coin())
            {
                d.Scalar(d.Next(-9, 9)).Scalar(d.Next(-9, 9)).Scalar(d.Any(1L, 2, -1, -3)).Output(ElementType.Int64);
                return;
            }

            d.Feed(TensorData.Create<float>([0.5f * d.Next(-9, 9)])).Feed(TensorData.Create<float>([0.5f * d.Next(-9, 9)])).Feed(TensorData.Create<float>([d.Any(0.5f, 0.25f, -1.5f)])).Outputs(1);
        }
        ),
        ["Trilu"] = (14, d =>
        {
            d.Floats(d.Shape(2, 4, 5));
            _ = d.Coin() ? d.Scalar(d.Next(-5, 5)) : d;
            d.With("upper", d.Next(0, 1)).Outputs(1);
        }
        ),
        ["EyeLike"] = (9, d => d.Floats(d.Shape(2, 2, 5)).With("k", d.Next(-3, 3)).Outputs(1)),
        ["OneHot"] = (11, d =>
        {
            long[] shape = d.Shape(most: 3);
            int depth = d.Next(1, 5);
            d.Integers(shape, -depth - 1, depth + 1).Scalar(depth).Floats([2]).With("axis", d.Axis(shape.Length + 1)).Outputs(1);
        }
        ),
    };
}
