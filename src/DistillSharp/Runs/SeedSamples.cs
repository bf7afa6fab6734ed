using System.Globalization;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Which samples each model of a seed learns from, and which choose its best epoch. The test set is not among them.</summary>
internal sealed class SeedSamples
{
    private SeedSamples(SampleSubset train, SampleSubset heldOut, ISampleSource transfer, ISampleSource labeled, ISampleSource transferHeldOut)
    {
        (Train, HeldOut, Transfer, Labeled, TransferHeldOut) = (train, heldOut, transfer, labeled, transferHeldOut);
        Labels = Count(Labeled) + Count(transferHeldOut);
        Unlabeled = transfer.Count - Count(transfer);
    }

    /// <summary>What teachers learn from.</summary>
    public SampleSubset Train { get; }

    /// <summary>What chooses a teacher's best epoch.</summary>
    public SampleSubset HeldOut { get; }

    /// <summary>What the student learns from by distillation; the class of a sample without a label is -1.</summary>
    public ISampleSource Transfer { get; }

    /// <summary>What the control learns from: the labeled part of what the student does.</summary>
    public ISampleSource Labeled { get; }

    /// <summary>What chooses the student's best epoch, and its control's.</summary>
    public ISampleSource TransferHeldOut { get; }

    /// <summary>The labels that the control sees: to learn from, and to choose the epoch.</summary>
    public int Labels { get; }

    /// <summary>The samples without a label that the student learns from.</summary>
    public int Unlabeled { get; }

    /// <summary>Divides a data set.</summary>
    /// <param name="settings">How.</param>
    /// <param name="data">The data.</param>
    /// <param name="seed">The run's seed, used where the settings name none.</param>
    public static SeedSamples Divide(DataSettings settings, ImageDataset data, long seed)
    {
        seed = settings.SplitSeed ?? seed;
        var (train, heldOut) = SeededSplit.Split(data.Train, settings.Validation, seed);
        var omitted = settings.Omit.ToHashSet();
        if (settings.Labels is { } labels)
        {
            return Partly(settings, data.Train, [.. Enumerable.Range(0, data.Train.Count).Where(index => !omitted.Contains(data.Train.LabelOf(index)))], labels, seed, train, heldOut);
        }

        ISampleSource transfer = settings.Unlabelled is { } images ? new UnlabelledPictures(images, data.Input) : omitted.Count > 0 ? SampleSubset.Without(train, omitted) : train;
        return new(train, heldOut, transfer, settings.Unlabelled is null ? transfer : train, omitted.Count > 0 ? SampleSubset.Without(heldOut, omitted) : heldOut);
    }

    /// <summary>Some of the samples keep their labels; a share of these is held out, as it is of the teacher's.</summary>
    private static SeedSamples Partly(DataSettings settings, ISampleSource all, IReadOnlyList<int> pool, int labels, long seed, SampleSubset train, SampleSubset heldOut)
    {
        if (labels < 2 || labels > pool.Count)
        {
            throw new DataException($"data.labels is {labels:N0}, but it must be from 2 to {pool.Count:N0}, the number of training images.");
        }

        var kept = SeededSplit.Draw(all, pool, labels, seed);
        var choosing = SeededSplit.Draw(all, kept, Math.Clamp((int)Math.Round(settings.Validation * labels), 1, labels - 1), seed).ToHashSet();
        int[] labeled = [.. kept.Where(index => !choosing.Contains(index))];
        var own = new SampleSubset(all, labeled);
        ISampleSource transfer = settings.Rest == RestUse.Unused ? own : new SampleSubset(new PartlyLabeledSamples(all, labeled.ToHashSet()), [.. pool.Where(index => !choosing.Contains(index))]);
        return new(train, heldOut, transfer, own, new SampleSubset(all, [.. choosing.Order()]));
    }

    /// <summary>Who learns from how much, in words.</summary>
    /// <param name="trainsTeacher">Whether the run trains a teacher of its own.</param>
    public string Describe(bool trainsTeacher)
    {
        int all = Train.Count + HeldOut.Count;
        if (Unlabeled == 0 && Labels == all)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Train.Count:N0} training images, {HeldOut.Count:N0} held out to choose the best epoch");
        }

        string teacher = trainsTeacher ? string.Create(CultureInfo.InvariantCulture, $"the teacher learns from {all:N0} labels, ") : "";
        return Unlabeled == Transfer.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{teacher}the student from {Unlabeled:N0} images without labels; {HeldOut.Count:N0} labeled images are held out to choose the best epoch")
            : string.Create(CultureInfo.InvariantCulture, $"{teacher}the student from {Labels:N0} labels{(Unlabeled > 0 ? $" and {Unlabeled:N0} images without" : "")}; {HeldOut.Count:N0} and {TransferHeldOut.Count:N0} of these labels are held out to choose the best epoch");
    }

    private static int Count(ISampleSource source) => Enumerable.Range(0, source.Count).Count(index => source.LabelOf(index) >= 0);
}
