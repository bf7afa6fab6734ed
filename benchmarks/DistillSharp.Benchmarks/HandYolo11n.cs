using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DistillSharp.Benchmarks;

/// <summary>YOLO11n up to its raw maps, written by hand with TorchSharp's modules: what the executor is held against. It calls none of the library. Parameters have the checkpoints' names.</summary>
internal sealed class HandYolo11n : Module<Tensor, Tensor[]>
{
    private readonly ModuleList<Module<Tensor, Tensor>> model;
    private readonly ModuleList<Module<Tensor, Tensor>> cv2 = [], cv3 = [];

    public HandYolo11n(int classes)
        : base("yolo11n")
    {
        model =
        [
            new HandConv(3, 16, 3, 2), new HandConv(16, 32, 3, 2), new HandC3k2(32, 64, false, 0.25), new HandConv(64, 64, 3, 2), new HandC3k2(64, 128, false, 0.25),
            new HandConv(128, 128, 3, 2), new HandC3k2(128, 128, true), new HandConv(128, 256, 3, 2), new HandC3k2(256, 256, true), new HandSppf(256), new HandC2Psa(256),
            Identity(), Identity(), new HandC3k2(384, 128, false), Identity(), Identity(), new HandC3k2(256, 64, false), new HandConv(64, 64, 3, 2), Identity(),
            new HandC3k2(192, 128, false), new HandConv(128, 128, 3, 2), Identity(), new HandC3k2(384, 256, true),
        ];
        foreach (long channels in new long[] { 64, 128, 256 })
        {
            cv2.Add(Sequential(("0", new HandConv(channels, 64, 3)), ("1", new HandConv(64, 64, 3)), ("2", Conv2d(64, 64, 1))));
            cv3.Add(Sequential(("0", Separable(channels, 80)), ("1", Separable(80, 80)), ("2", Conv2d(80, classes, 1))));
        }

        RegisterComponents();
    }

    /// <summary>A parameter or buffer's name in a checkpoint.</summary>
    public static string NameOf(string own) => own.StartsWith("cv", StringComparison.Ordinal) ? $"model.23.{own}" : own;

    public override Tensor[] forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Through(input, 0, 4);
        var fine = x;
        x = Through(x, 5, 6);
        var middle = x;
        var coarse = Through(x, 7, 10);
        middle = model[13].forward(cat([Twice(coarse), middle], 1));
        fine = model[16].forward(cat([Twice(middle), fine], 1));
        middle = model[19].forward(cat([model[17].forward(fine), middle], 1));
        coarse = model[22].forward(cat([model[20].forward(middle), coarse], 1));
        Tensor[] maps = [fine, middle, coarse];
        return [.. maps.Select((map, i) => cat([cv2[i].forward(map), cv3[i].forward(map)], 1).MoveToOuterDisposeScope())];
    }

    private static Tensor Twice(Tensor x) => functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    private static Sequential Separable(long from, long to) => Sequential(("0", new HandConv(from, from, 3, groups: from)), ("1", new HandConv(from, to, 1)));

    private Tensor Through(Tensor x, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            x = model[i].forward(x);
        }

        return x;
    }
}
