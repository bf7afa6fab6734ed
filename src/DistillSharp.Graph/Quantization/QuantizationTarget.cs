namespace DistillSharp.Graph.Quantization;

/// <summary>The processors an INT8 model is made for: they multiply 8-bit integers by different instructions.</summary>
public enum QuantizationTarget
{
    /// <summary>The processor this process runs on.</summary>
    Auto,

    /// <summary>x64 with VNNI (AVX-512 VNNI or AVX-VNNI): products of 8-bit integers are summed in 32 bits, nothing saturates.</summary>
    Vnni,

    /// <summary>64-bit ARM: signed products are summed in 32 bits.</summary>
    Arm,

    /// <summary>x64 with AVX2 only: the sum of two products saturates at 16 bits, so that weights must keep to 7 bits.</summary>
    Avx2,

    /// <summary>x64 with AVX2 only, both sides unsigned: slower than <see cref="Avx2"/>, but weights keep their 8 bits.</summary>
    Avx2Unsigned,
}
