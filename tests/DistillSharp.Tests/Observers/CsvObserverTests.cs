using DistillSharp.Observers;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Observers;

public sealed class CsvObserverTests
{
    private const string Header = "epoch,step,loss,train_accuracy,learning_rate,val_accuracy,val_loss,train_seconds,val_seconds,images_per_second,loss_hard,loss_kd";

    [Fact]
    public void Each_epoch_is_a_line_under_one_header()
    {
        using var folder = new TemporaryFolder();
        Observe(folder.Path, firstStep: 0, 1, 2);

        Assert.Equal([Header, "1,10,2.5,0.1,1E-05,0.5,1.25,3.5,0.5,1000,0.75,0.125", "2,20,2.5,0.1,1E-05,0.5,1.25,3.5,0.5,1000,0.75,0.125"], Lines(folder));
    }

    [Fact]
    public void What_was_not_measured_is_empty()
    {
        using var folder = new TemporaryFolder();
        var observer = new CsvObserver();
        observer.OnStart(new("student", folder.Path, 3, 10, 0));
        observer.OnEpoch(EpochResults.Row(1, accuracy: null, loss: null));

        Assert.Equal("1,10,2.5,0.1,1E-05,,,3.5,0.5,1000,0.75,0.125", Lines(folder)[1]);
    }

    [Fact]
    public void A_run_that_starts_anew_forgets_the_old_file()
    {
        using var folder = new TemporaryFolder();
        Observe(folder.Path, firstStep: 0, 1, 2);
        Observe(folder.Path, firstStep: 0, 1);

        Assert.Equal(["epoch", "1"], FirstColumn(folder));
    }

    [Fact]
    public void A_resumed_run_goes_on_where_the_file_stopped()
    {
        using var folder = new TemporaryFolder();
        Observe(folder.Path, firstStep: 0, 1, 2);
        Observe(folder.Path, firstStep: 20, 3);

        Assert.Equal(["epoch", "1", "2", "3"], FirstColumn(folder));
    }

    [Fact]
    public void A_resumed_run_drops_lines_of_epochs_it_will_repeat_and_lines_cut_short()
    {
        using var folder = new TemporaryFolder();
        Observe(folder.Path, firstStep: 0, 1, 2, 3);
        File.AppendAllText(folder["results.csv"], "1,10,2.5,0.1,1E-05,0.5,1.25,3.5,0.5,1000,0.75,0.12");
        Observe(folder.Path, firstStep: 15, 2, 3);

        Assert.Equal(["epoch", "1", "2", "3"], FirstColumn(folder));
    }

    [Fact]
    public void Without_a_folder_nothing_is_written()
    {
        var observer = new CsvObserver();
        observer.OnStart(new("student", null, 3, 10, 0));
        observer.OnEpoch(EpochResults.Row(1));

        Assert.False(File.Exists("results.csv"));
    }

    private static void Observe(string folder, long firstStep, params ReadOnlySpan<int> epochs)
    {
        var observer = new CsvObserver();
        observer.OnStart(new("student", folder, 3, 10, firstStep) { FinishedEpochs = (int)firstStep / 10 });
        foreach (int epoch in epochs)
        {
            observer.OnEpoch(EpochResults.Row(epoch));
        }

        observer.OnEnd();
    }

    private static string[] Lines(TemporaryFolder folder) => File.ReadAllLines(folder["results.csv"]);

    private static IEnumerable<string> FirstColumn(TemporaryFolder folder) => Lines(folder).Select(line => line.Split(',')[0]);
}
