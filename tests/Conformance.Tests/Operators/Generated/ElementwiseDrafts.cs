using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Functions of single numbers.</summary>
internal static class ElementwiseDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["Relu"] = (6, Plain()),
        ["Sigmoid"] = (6, Plain()),
        ["Tanh"] = (6, Plain()),
        ["LeakyRelu"] = (6, d => Float(d, "alpha", 0.01, 0.9)),
        ["PRelu"] = (7, d => Slope(d)),
        ["Elu"] = (6, d => Float(d, "alpha", 0.1, 2)),
        ["Celu"] = (12, d => Float(d, "alpha", 0.1, 2)),
        ["Selu"] = (6, d =>
        {
            Float(d, "alpha", 0.5, 2);
            d.With("gamma", d.Real(0.5, 2));
        }
        ),
        ["Gelu"] = (20, d =>
        {
            Plain()(d);
            d.With("approximate", d.Any("none", "tanh"));
        }
        ),
        ["HardSigmoid"] = (6, d =>
        {
            Float(d, "alpha", 0.1, 0.5);
            d.With("beta", d.Real(0.1, 0.9));
        }
        ),
        ["HardSwish"] = (14, Plain(-5, 5)),
        ["Mish"] = (18, Plain()),
        ["Softplus"] = (1, Plain(-30, 30)),
        ["Softsign"] = (1, Plain()),
        ["ThresholdedRelu"] = (10, d => Float(d, "alpha", 0.1, 1)),
        ["Shrink"] = (9, d =>
        {
            Float(d, "bias", 0, 0.4);
            d.With("lambd", d.Real(0.1, 0.9));
        }
        ),
        ["Clip"] = (11, Clip),
        ["Softmax"] = (1, Along),
        ["LogSoftmax"] = (1, Along),
        ["Hardmax"] = (1, d => Along(d)),
        ["Abs"] = (6, d =>
        {
            if (d.Coin())
            {
                Plain()(d);
            }
            else
            {
                d.Integers(d.Shape(), -9, 9).Output(ElementType.Int64);
            }
        }
        ),
        ["Neg"] = (6, d =>
        {
            if (d.Coin())
            {
                Plain()(d);
            }
            else
            {
                d.Ints(d.Shape(), -9, 9).Output(ElementType.Int32);
            }
        }
        ),
        ["Exp"] = (6, Plain()),
        ["Log"] = (6, Plain(0.1, 5)),
        ["Sqrt"] = (6, Plain(0, 5)),
        ["Reciprocal"] = (6, Plain(0.2, 3)),
        ["Erf"] = (9, Plain()),
        ["Sign"] = (9, d =>
        {
            if (d.Coin())
            {
                Plain()(d);
            }
            else
            {
                d.Integers(d.Shape(), -2, 2).Output(ElementType.Int64);
            }
        }
        ),
        ["Floor"] = (6, Plain()),
        ["Ceil"] = (6, Plain()),
        ["Round"] = (11, Halves),
        ["Sin"] = (7, Plain()),
        ["Cos"] = (7, Plain()),
        ["Tan"] = (7, Plain(-1, 1)),
        ["Asin"] = (7, Plain(-1, 1)),
        ["Acos"] = (7, Plain(-1, 1)),
        ["Atan"] = (7, Plain()),
        ["Sinh"] = (9, Plain()),
        ["Cosh"] = (9, Plain()),
        ["Asinh"] = (9, Plain()),
        ["Acosh"] = (9, Plain(1, 5)),
        ["Atanh"] = (9, Plain(-0.9, 0.9)),
        ["IsNaN"] = (9, d => d.Feed(Odd(d)).Output(ElementType.Bool)),
        ["IsInf"] = (10, d => d.Feed(Odd(d)).With("detect_negative", d.Next(0, 1)).With("detect_positive", d.Next(0, 1)).Output(ElementType.Bool)),
        ["Identity"] = (1, d =>
        {
            if (d.Coin())
            {
                Plain()(d);
            }
            else
            {
                d.Flags(d.Shape()).Output(ElementType.Bool);
            }
        }
        ),
        ["Dropout"] = (7, d => d.Floats(d.Shape()).Outputs(1)),
        ["Not"] = (1, d => d.Flags(d.Shape()).Output(ElementType.Bool)),
        ["Cast"] = (9, Cast),
        ["CastLike"] = (15, d => d.Floats(d.Shape(), -100, 100).Integers([1], 0, 1).Output(ElementType.Int64)),
    };

    private static Action<Draft> Plain(double low = -2, double high = 2) => d => d.Floats(d.Shape(), low, high).Outputs(1);

    private static void Float(Draft d, string name, double low, double high)
    {
        d.Floats(d.Shape()).Outputs(1);
        if (d.Coin())
        {
            d.With(name, d.Real(low, high));
        }
    }

    private static void Slope(Draft d)
    {
        long[] shape = d.Shape();
        d.Floats(shape).Floats(d.Narrower(shape)).Outputs(1);
    }

    private static void Clip(Draft d)
    {
        if (d.Opset >= 12 && d.Coin())
        {
            d.Integers(d.Shape(), -9, 9);
            _ = d.Coin() ? d.LeftOut() : d.Scalar(d.Next(-5, 0));
            _ = d.Coin() ? d : d.Scalar(d.Next(0, 5));
            d.Output(ElementType.Int64);
            return;
        }

        d.Floats(d.Shape());
        _ = d.Coin() ? d.LeftOut() : d.Floats([], -1, 0);
        _ = d.Coin() ? d : d.Constant(TensorData.Create<float>([(float)d.Real(0, 1)]));
        d.Outputs(1);
    }

    private static void Along(Draft d)
    {
        long[] shape = d.Shape();
        d.Distinct(shape).With("axis", d.Axis(shape.Length)).Outputs(1);
    }

    private static void Halves(Draft d)
    {
        long[] shape = d.Shape();
        d.Feed(TensorData.Create<float>([.. Enumerable.Range(0, (int)TensorData.CountOf(shape)).Select(_ => d.Next(-9, 9) / 2f)], shape)).Outputs(1);
    }

    private static TensorData Odd(Draft d)
    {
        long[] shape = d.Shape();
        return TensorData.Create<float>([.. Enumerable.Range(0, (int)TensorData.CountOf(shape)).Select(_ => d.Any(1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f))], shape);
    }

    private static void Cast(Draft d)
    {
        var to = d.Any(ElementType.Float32, ElementType.Float64, ElementType.Int32, ElementType.Int64, ElementType.Bool, ElementType.UInt8, ElementType.Int16, ElementType.UInt16, ElementType.UInt32);
        _ = d.Next(0, 3) switch
        {
            0 => d.Floats(d.Shape(), 0, 100),
            1 => d.Integers(d.Shape(), to is ElementType.Float32 ? -100 : -70_000, 70_000),
            2 => d.Bytes(d.Shape(), 0, 255),
            _ => d.Flags(d.Shape()),
        };
        d.With("to", (long)to).Output(to);
    }
}
