using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DistillSharp.TestKit.Handwritten;

/// <summary>The CIFAR residual network, written by hand with TorchSharp's modules: what the executor is held against. It calls none of the library.</summary>
public sealed class HandResNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3;
    private readonly AdaptiveAvgPool2d avgpool = AdaptiveAvgPool2d(1);
    private readonly Linear fc;

    private HandResNet(int depth, int[] widths, int classes)
        : base("resnet")
    {
        int blocks = (depth - 2) / 6;
        conv1 = Conv2d(3, widths[0], 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(widths[0]);
        layer1 = Layer(widths[0], widths[1], blocks, 1);
        layer2 = Layer(widths[1], widths[2], blocks, 2);
        layer3 = Layer(widths[2], widths[3], blocks, 2);
        fc = Linear(widths[3], classes);
        RegisterComponents();
    }

    /// <summary>Builds one of the two networks of the comparison.</summary>
    /// <param name="key"><c>resnet20</c> or <c>resnet8x4</c>.</param>
    /// <param name="classes">The number of classes.</param>
    public static HandResNet Create(string key, int classes) => key switch
    {
        "resnet20" => new(20, [16, 16, 32, 64], classes),
        "resnet8x4" => new(8, [32, 64, 128, 256], classes),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "resnet20 or resnet8x4"),
    };

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = layer3.forward(layer2.forward(layer1.forward(x)));
        return fc.forward(avgpool.forward(x).flatten(1)).MoveToOuterDisposeScope();
    }

    private static Sequential Layer(int from, int to, int blocks, int stride) =>
        Sequential(Enumerable.Range(0, blocks).Select(i => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), (Module<Tensor, Tensor>)new Block(i == 0 ? from : to, to, i == 0 ? stride : 1))));

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;

        public Block(int from, int to, int stride)
            : base("block")
        {
            conv1 = Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(to);
            conv2 = Conv2d(to, to, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(to);
            downsample = stride == 1 && from == to ? null : Sequential(("0", Conv2d(from, to, 1, stride: stride, bias: false)), ("1", BatchNorm2d(to)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var y = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
            y = bn2.forward(conv2.forward(y));
            y = y.add_(downsample is null ? input : downsample.forward(input));
            return functional.relu(y, inplace: true).MoveToOuterDisposeScope();
        }
    }
}
