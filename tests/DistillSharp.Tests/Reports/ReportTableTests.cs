using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class ReportTableTests
{
    [Fact]
    public void Every_column_says_its_figure()
    {
        var table = ReportTable.Of(SampleReport.Create());

        // Errors 30 and 20: mean 25, deviation sqrt(50) = 7.07; top-1 70 and 80 %: 75 ± 7.07; NLL 0.53 and 0.52.
        string[] expected = ["control", "mlp", "25.0 ± 7.1", "75.00 ± 7.07", "100.00", "0.5250", "4.21", "93.75", "1.23 M", "9876", "4.3 kB", "0.123", "0.568", "12,346", "7.65 MB"];
        Assert.Equal(expected, table.Rows[1]);
        Assert.Equal(expected.Length, table.Header.Count);
        Assert.Equal("top-1 %", table.Header[3]);
        Assert.Equal("peak memory (batch 32)", table.Header[^1]);
    }

    [Fact]
    public void Speed_and_memory_name_the_batch_that_all_were_measured_at()
    {
        var report = SampleReport.Create();
        var fixedBatch = report with { Variants = [.. report.Variants.Select(variant => variant with { Profile = variant.Profile is { } profile ? profile with { LatencyBatch = 4, Batch = 4 } : null })] };

        Assert.Equal(["p50 ms", "p95 ms", "images/s (batch 32)", "peak memory (batch 32)"], ReportTable.Of(report).Header.TakeLast(4));
        Assert.Equal(["p50 ms (batch 4)", "p95 ms (batch 4)", "images/s (batch 4)", "peak memory (batch 4)"], ReportTable.Of(fixedBatch).Header.TakeLast(4));
    }

    [Fact]
    public void What_was_not_measured_is_left_empty()
    {
        var report = SampleReport.Create();
        var alone = report.Variants[2] with { Macs = null, Seeds = [.. report.Variants[2].Seeds.Select(seed => seed with { Score = seed.Score with { Agreement = null } })] };

        var row = ReportTable.Of(report with { Variants = [alone] }).Rows[0];

        Assert.Equal(("", "?"), (row[7], row[9]));
        Assert.Equal(["", "", "", ""], row.Skip(11));
    }

    [Fact]
    public void One_seed_has_no_deviation()
    {
        var report = SampleReport.Create();

        var row = ReportTable.Of(report with { Seeds = [4], Variants = [SampleReport.Variant("control", SampleReport.Score(30))] }).Rows[0];

        Assert.Equal(("30", "70.00"), (row[2], row[3]));
    }

    [Theory]
    [InlineData(0, "0.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(1_310_000, "1.31 MB")]
    [InlineData(2_500_000_000, "2.50 GB")]
    public void Sizes_are_in_powers_of_a_thousand(long bytes, string text) => Assert.Equal(text, ReportTable.Size(bytes));
}
