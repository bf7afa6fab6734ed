using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Builds the losses' adapters from the shapes that a real batch has, before training starts or goes on.</summary>
internal static class LossPreparation
{
    /// <summary>Prepares every loss of an objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="executor">The student; its weights and statistics stay as they are.</param>
    /// <param name="batch">A batch of training pictures.</param>
    /// <param name="setup">All but the shapes.</param>
    /// <exception cref="ArgumentException">A loss cannot compare what it is given; the message names the shapes.</exception>
    public static void Prepare(Objective objective, GraphExecutor executor, Batch batch, LossSetup setup)
    {
        using var pixels = BatchTensors.Pixels(batch, executor);
        using var labels = BatchTensors.Labels(batch, executor);
        using var outputs = executor.Evaluate(pixels);
        using var inputs = new ObjectiveInputs(objective, outputs, outputs[outputs.Names.First()], labels, batch, default);
        foreach (var term in objective.Losses)
        {
            term.Loss.Prepare(term.Setup(setup with { Shapes = LossShapes.Of(inputs.For(term)) }));
        }
    }

    /// <summary>Lets losses that want it study the teacher, before the student's first step.</summary>
    /// <param name="objective">The objective, prepared.</param>
    /// <param name="precision">What features are given in.</param>
    /// <param name="device">Where they are given.</param>
    /// <param name="batches">How many batches an epoch has.</param>
    /// <param name="epoch">The batches of an epoch, 0-based.</param>
    /// <param name="studied">Told after each batch: batches studied, and batches in all.</param>
    /// <param name="cancellation">Stops after the batch that is studied; a study is not saved, and begins anew.</param>
    public static void Study(
        Objective objective, ScalarType precision, Device device, int batches, Func<int, IEnumerable<Batch>> epoch, Action<long, long> studied, CancellationToken cancellation)
    {
        int epochs = objective.Losses.Select(term => term.Loss.StudyEpochs).DefaultIfEmpty().Max();
        long done = 0;
        for (int i = 0; i < epochs; i++)
        {
            foreach (var batch in epoch(i))
            {
                using var answers = objective.Teacher!.Teach(batch);
                foreach (var term in objective.Losses.Where(term => term.Loss.StudyEpochs > i))
                {
                    Tensor[] features = [.. term.TeacherTaps.Select(tap => answers[tap].to(precision, device))];
                    term.Loss.Study(features);
                    Array.ForEach(features, feature => feature.Dispose());
                }

                studied(++done, (long)epochs * batches);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
