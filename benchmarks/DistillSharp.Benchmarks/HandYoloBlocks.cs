using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DistillSharp.Benchmarks;

/// <summary>Convolution, norm and SiLU, by hand.</summary>
internal sealed class HandConv : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;
    private readonly bool _activated;

    public HandConv(long from, long to, long kernel, long stride = 1, long groups = 1, bool activated = true)
        : base("conv")
    {
        conv = Conv2d(from, to, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false);
        bn = BatchNorm2d(to, eps: 1e-3, momentum: 0.03);
        _activated = activated;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn.forward(conv.forward(input));
        return (_activated ? functional.silu(x) : x).MoveToOuterDisposeScope();
    }
}

/// <summary>Two convolutions and a shortcut, by hand.</summary>
internal sealed class HandBottleneck : Module<Tensor, Tensor>
{
    private readonly HandConv cv1, cv2;

    public HandBottleneck(long channels, long hidden)
        : base("bottleneck")
    {
        cv1 = new(channels, hidden, 3);
        cv2 = new(hidden, channels, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cv2.forward(cv1.forward(input)).add_(input).MoveToOuterDisposeScope();
    }
}

/// <summary>The cross-stage block of two bottlenecks, by hand.</summary>
internal sealed class HandC3k : Module<Tensor, Tensor>
{
    private readonly HandConv cv1, cv2, cv3;
    private readonly Sequential m;

    public HandC3k(long channels)
        : base("c3k")
    {
        long hidden = channels / 2;
        cv1 = new(channels, hidden, 1);
        cv2 = new(channels, hidden, 1);
        cv3 = new(2 * hidden, channels, 1);
        m = Sequential(("0", new HandBottleneck(hidden, hidden)), ("1", new HandBottleneck(hidden, hidden)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cv3.forward(cat([m.forward(cv1.forward(input)), cv2.forward(input)], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>A stage of one block, by hand.</summary>
internal sealed class HandC3k2 : Module<Tensor, Tensor>
{
    private readonly HandConv cv1, cv2;
    private readonly Sequential m;

    public HandC3k2(long from, long to, bool nested, double share = 0.5)
        : base("c3k2")
    {
        long hidden = (long)(to * share);
        cv1 = new(from, 2 * hidden, 1);
        cv2 = new(3 * hidden, to, 1);
        m = Sequential(("0", nested ? new HandC3k(hidden) : new HandBottleneck(hidden, hidden / 2)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = cv1.forward(input).chunk(2, 1);
        return cv2.forward(cat([halves[0], halves[1], m.forward(halves[1])], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Spatial pyramid pooling, by hand.</summary>
internal sealed class HandSppf : Module<Tensor, Tensor>
{
    private readonly HandConv cv1, cv2;

    public HandSppf(long channels)
        : base("sppf")
    {
        cv1 = new(channels, channels / 2, 1);
        cv2 = new(channels * 2, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        List<Tensor> parts = [cv1.forward(input)];
        for (int i = 0; i < 3; i++)
        {
            parts.Add(functional.max_pool2d(parts[^1], 5, 1, 2));
        }

        return cv2.forward(cat(parts, 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention over positions and a feed-forward layer in a cross-stage block, by hand.</summary>
internal sealed class HandC2Psa : Module<Tensor, Tensor>
{
    private readonly HandConv cv1, cv2;
    private readonly Sequential m;

    public HandC2Psa(long channels)
        : base("c2psa")
    {
        cv1 = new(channels, channels, 1);
        cv2 = new(channels, channels, 1);
        m = Sequential(("0", new Block(channels / 2)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = cv1.forward(input).chunk(2, 1);
        return cv2.forward(cat([halves[0], m.forward(halves[1])], 1)).MoveToOuterDisposeScope();
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Attention attn;
        private readonly Sequential ffn;

        public Block(long channels)
            : base("block")
        {
            attn = new(channels);
            ffn = Sequential(("0", new HandConv(channels, 2 * channels, 1)), ("1", new HandConv(2 * channels, channels, 1, activated: false)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = attn.forward(input).add_(input);
            return ffn.forward(x).add_(x).MoveToOuterDisposeScope();
        }
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly HandConv qkv, proj, pe;
        private readonly long _heads;

        public Attention(long channels)
            : base("attention")
        {
            _heads = channels / 64;
            qkv = new(channels, 2 * channels, 1, activated: false);
            proj = new(channels, channels, 1, activated: false);
            pe = new(channels, channels, 3, groups: channels, activated: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            long[] shape = input.shape;
            var parts = qkv.forward(input).view(shape[0], _heads, 128, -1).split([32, 32, 64], 2);
            var weights = parts[0].transpose(-2, -1).matmul(parts[1]).mul(Math.Pow(32, -0.5)).softmax(-1);
            var seen = parts[2].matmul(weights.transpose(-2, -1)).view(shape);
            return proj.forward(seen.add(pe.forward(parts[2].reshape(shape)))).MoveToOuterDisposeScope();
        }
    }
}
