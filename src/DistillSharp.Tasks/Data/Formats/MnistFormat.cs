namespace DistillSharp.Tasks.Data.Formats;

/// <summary>MNIST: 60,000 and 10,000 handwritten digits of 28x28 (LeCun, Cortes, Burges).</summary>
[Plugin("mnist", "Handwritten digits, 28x28 grey, 60,000/10,000")]
public sealed class MnistFormat()
    : IdxDatasetFormat("mnist", "MNIST", "https://ossci-datasets.s3.amazonaws.com/mnist/", s_checksums, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], 0.1307f, 0.3081f)
{
    private static readonly string[] s_checksums =
    [
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ];
}
