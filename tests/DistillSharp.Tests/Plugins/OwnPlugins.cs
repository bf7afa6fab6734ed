using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.Training;
using TorchSharp;

namespace DistillSharp.Tests.Plugins;

/// <summary>The mean square of the differences of logits: a user's own loss, in one class and its options.</summary>
/// <param name="options">The options.</param>
[Plugin("own-square", "Squared differences of logits")]
public sealed class OwnSquareLoss(OwnSquareLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    protected override torch.Tensor Formula(torch.Tensor student, torch.Tensor teacher) => (student - teacher).square().mean() * options.Scale;
}

/// <summary>The options of <see cref="OwnSquareLoss"/>.</summary>
public sealed record OwnSquareLossOptions : DistillationLossOptions
{
    /// <summary>A factor above 0.</summary>
    public double Scale
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Scale), value, "The scale must be above 0.");
    } = 0.1;
}

/// <summary>Pictures of 4x4 that are bright in one of three columns: a user's own data set.</summary>
[Plugin("own-columns", "Which column is bright")]
public sealed class OwnColumnsFormat : DatasetFormat
{
    private static readonly string[] s_names = ["left", "middle", "right"];

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default) =>
        new("own columns", s_names, new(1, 4, 4, [0.5f], [0.5f]), Make(part: 0, 240), Make(part: 1, 90));

    private static MemorySamples Make(int part, int count)
    {
        var images = new PixelImage[count];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
        for (int i = 0; i < count; i++)
        {
            var random = new SampleRandom(1, part, i);
            byte[] pixels = new byte[16];
            for (int at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(random.NextInt(120) + (at % 4 == labels[i] ? 100 : 0));
            }

            images[i] = new(1, 4, 4, pixels);
        }

        return new("own columns", images, labels);
    }
}

/// <summary>A user's own model.</summary>
public static class OwnModel
{
    /// <summary>One linear layer.</summary>
    /// <param name="options">The options.</param>
    [Model("own-linear", "One linear layer")]
    public static ModelGraph Create(ModelOptions options)
    {
        var b = new GraphBuilder("own-linear");
        return b.Build(b.Linear("fc", b.Flatten("flatten", b.Input(options.Channels, options.Height, options.Width)), options.Classes));
    }
}

/// <summary>A user's own schedule.</summary>
[Plugin("own-half", "Half the learning rate, always")]
public sealed class OwnHalfSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => 0.5;
}
