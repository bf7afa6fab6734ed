using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Runtime.Tests.Quantization;

namespace DistillSharp.Runtime.Tests.Written;

/// <summary>Every quantised form: targets, calibrations, scales a channel or a tensor, the training form, lifted, dynamic, and what passes make of them.</summary>
public sealed class WrittenInt8Tests
{
    public static TheoryData<QuantizationTarget, CalibrationMethod, bool> Choices
    {
        get
        {
            var rows = new TheoryData<QuantizationTarget, CalibrationMethod, bool>();
            foreach (var target in Enum.GetValues<QuantizationTarget>())
            {
                foreach (var calibration in Enum.GetValues<CalibrationMethod>())
                {
                    rows.Add(target, calibration, true);
                    rows.Add(target, calibration, false);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Every_form_of_every_choice_is_sound(QuantizationTarget target, CalibrationMethod calibration, bool perChannel)
    {
        var quantizer = Quantized.Calibrate(Quantized.Residual(8).Graph, new() { Calibration = calibration, Quantization = new() { Target = target, PerChannel = perChannel } });
        var deployed = quantizer.Quantize();

        WrittenFile.IsSound(quantizer.Prepared, "prepared");
        WrittenFile.IsSound(quantizer.TrainingForm(), "training form");
        WrittenFile.IsSound(deployed, "deployed form");
        WrittenFile.IsSound(new LiftQuantizedPass().Apply(deployed).Graph, "lifted");
        WrittenFile.IsSound(quantizer.Quantize(["make_c1"]), "one layer in float");
        WrittenFile.IsSound(new UpgradeOpsetPass(new() { Target = 21 }).Apply(deployed).Graph, "operator set 21");
        WrittenFile.IsSound(new TapPass("r1").Apply(quantizer.TrainingForm()).Graph, "tapped");
    }

    [Theory]
    [InlineData(ElementType.Int8, ElementType.UInt8, true)]
    [InlineData(ElementType.UInt8, ElementType.UInt8, false)]
    [InlineData(ElementType.UInt8, ElementType.Int8, true)]
    public void Other_integers_are_sound(ElementType activations, ElementType weights, bool symmetric) =>
        WrittenFile.IsSound(Quantized.Calibrate(Quantized.Residual(8).Graph, new() { CorrectBias = true, Equalize = true, Quantization = new() { Target = QuantizationTarget.Vnni, ActivationType = activations, WeightType = weights, SymmetricActivations = symmetric } }).Quantize());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dynamic_products_are_sound(bool perChannel)
    {
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 16).Weight("wa", 16, 12).Weight("wb", 12, 16).Weight("bb", 12)
            .Node("MatMul", ["x", "wa"], ["a"]).Node("Gemm", ["x", "wb", "bb"], ["b"], ("transB", new IntValue(1))).Node("Add", ["a", "b"], ["y"]).Output("y").Graph;

        WrittenFile.IsSound(new DynamicQuantizePass(new() { PerChannel = perChannel }).Apply(graph).Graph);
    }
}
