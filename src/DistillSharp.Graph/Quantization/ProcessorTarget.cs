using System.Runtime.Intrinsics.X86;

namespace DistillSharp.Graph.Quantization;

/// <summary>Which target the processor is that this process runs on.</summary>
public static class ProcessorTarget
{
    private const int Avx512VnniBit = 1 << 11, AvxVnniBit = 1 << 4;

    /// <summary>The target of this processor; never <see cref="QuantizationTarget.Auto"/>.</summary>
    public static QuantizationTarget Detect()
    {
        if (!X86Base.IsSupported)
        {
            return QuantizationTarget.Arm;
        }

        if (X86Base.CpuId(0, 0).Eax >= 7)
        {
            // Leaf 7: ECX bit 11 is AVX-512 VNNI; its subleaf 1, EAX bit 4, is AVX-VNNI.
            var features = X86Base.CpuId(7, 0);
            bool wide = Avx512F.IsSupported && (features.Ecx & Avx512VnniBit) != 0;
            bool narrow = Avx2.IsSupported && features.Eax >= 1 && (X86Base.CpuId(7, 1).Eax & AvxVnniBit) != 0;
            if (wide || narrow)
            {
                return QuantizationTarget.Vnni;
            }
        }

        return QuantizationTarget.Avx2;
    }
}
