using DistillSharp.Detection.Losses;
using DistillSharp.TestKit.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>A golden case of the detection loss: <c>loss_*.npz</c>, laid out as the folder's README says.</summary>
internal sealed class LossCase
{
    private LossCase(string path)
    {
        Path = path;
        Arrays = NpzFile.Read(path);
        long[] batch = [.. Arrays["feat0"].Shape];
        Pictures = (int)batch[0];
        Classes = (int)batch[1] - 64;
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, NpyArray> Arrays { get; }

    public int Pictures { get; }

    public int Classes { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public DetectionLossOptions Options
    {
        get
        {
            var gains = Arrays["hyp_box_cls_dfl"].Values;
            return new() { Classes = Classes, BoxGain = gains[0], ClassGain = gains[1], DistributionGain = gains[2] };
        }
    }

    /// <summary>Every case there is; none is a failure.</summary>
    public static IReadOnlyList<LossCase> All() => [.. GoldenFiles.Of("yolo", "loss_*.npz").Select(path => new LossCase(path))];

    public Tensor[] Maps(ScalarType type, string prefix = "feat") => [.. Enumerable.Range(0, 3).Select(i => Tensor($"{prefix}{i}", type))];

    public Tensor Targets()
    {
        var (pictures, classes, boxes) = (Arrays["batch_idx"].Values, Arrays["cls"].Values, Arrays["bboxes"].Values);
        return torch.tensor([.. pictures.SelectMany((picture, i) => new[] { (float)picture, (float)classes[i], (float)boxes[4 * i], (float)boxes[(4 * i) + 1], (float)boxes[(4 * i) + 2], (float)boxes[(4 * i) + 3] })], [pictures.Count, 6]);
    }

    public Tensor Tensor(string name, ScalarType type)
    {
        using var all = torch.tensor(Arrays[name].Values.ToArray(), [.. Arrays[name].Shape]);
        return all.to(type, copy: true);
    }
}
