using DistillSharp.Training;

namespace DistillSharp.Tests.Observers;

/// <summary>Rows of a run as observers see them.</summary>
internal static class EpochResults
{
    public static EpochResult Row(int number, double? accuracy = 0.5, double? loss = 1.25, double? error = null) => new()
    {
        EpochNumber = number,
        Step = number * 10,
        Loss = 2.5,
        Terms = new Dictionary<string, double> { ["kd"] = 0.125, ["hard"] = 0.75 },
        TrainAccuracy = 0.1,
        LearningRate = 1e-5,
        ValidationScore = accuracy,
        ValidationLoss = loss,
        ValidationError = error,
        TrainSeconds = 3.5,
        ValidationSeconds = 0.5,
        ImagesPerSecond = 1000,
    };
}
