using DistillSharp.Observers;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Observers;

public sealed class TensorBoardObserverTests
{
    [Fact]
    public void An_epoch_gives_losses_accuracies_and_the_learning_rate_at_its_step()
    {
        using var folder = new TemporaryFolder();
        using (var observer = new TensorBoardObserver())
        {
            observer.OnStart(new("student", folder.Path, 3, 10, 0));
            observer.OnEpoch(EpochResults.Row(2));
            observer.OnEnd();
        }

        var events = TensorBoardWriterTests.Frames(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder.Path)))).ConvertAll(TensorBoardWriterTests.Decode);

        Assert.All(events.Skip(1), e => Assert.Equal(20, e.Step));
        Assert.Equal(
            new Dictionary<string, float>
            {
                ["loss/total"] = 2.5f,
                ["loss/kd"] = 0.125f,
                ["loss/hard"] = 0.75f,
                ["accuracy/train"] = 0.1f,
                ["learning_rate"] = 1e-5f,
                ["accuracy/validation"] = 0.5f,
                ["loss/validation"] = 1.25f,
            },
            events.Skip(1).ToDictionary(e => e.Tag, e => e.Value));
    }

    [Fact]
    public void An_epoch_that_was_not_evaluated_has_no_validation_and_a_resumed_run_adds_a_file()
    {
        using var folder = new TemporaryFolder();
        using var observer = new TensorBoardObserver();
        observer.OnStart(new("student", folder.Path, 3, 10, 0));
        observer.OnEnd();
        observer.OnStart(new("student", folder.Path, 3, 10, 20));
        observer.OnEpoch(EpochResults.Row(3, accuracy: null, loss: null));
        observer.OnEnd();

        string[] files = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(2, files.Length);
        var tags = TensorBoardWriterTests.Frames(File.ReadAllBytes(files[1])).Select(frame => TensorBoardWriterTests.Decode(frame).Tag);
        Assert.DoesNotContain(tags, tag => tag.EndsWith("validation", StringComparison.Ordinal));
    }
}
