namespace DistillSharp.Tasks.Data.Formats;

/// <summary>Fashion-MNIST: 60,000 and 10,000 pieces of clothing of 28x28 (arXiv:1708.07747).</summary>
[Plugin("fashion-mnist", "Pieces of clothing, 28x28 grey, 60,000/10,000 (arXiv:1708.07747)")]
public sealed class FashionMnistFormat()
    : IdxDatasetFormat("fashion-mnist", "Fashion-MNIST", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", s_checksums, s_names, 0.2860f, 0.3530f)
{
    private static readonly string[] s_names = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static readonly string[] s_checksums =
    [
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ];
}
