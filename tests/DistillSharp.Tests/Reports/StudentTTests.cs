using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class StudentTTests
{
    /// <summary>The table of NIST/SEMATECH's Engineering Statistics Handbook, 1.3.6.7.2.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.706)]
    [InlineData(0.95, 2, 4.303)]
    [InlineData(0.95, 3, 3.182)]
    [InlineData(0.95, 4, 2.776)]
    [InlineData(0.95, 5, 2.571)]
    [InlineData(0.95, 9, 2.262)]
    [InlineData(0.95, 10, 2.228)]
    [InlineData(0.95, 30, 2.042)]
    [InlineData(0.95, 100, 1.984)]
    [InlineData(0.99, 1, 63.657)]
    [InlineData(0.99, 4, 4.604)]
    [InlineData(0.99, 15, 2.947)]
    [InlineData(0.90, 2, 2.920)]
    [InlineData(0.90, 20, 1.725)]
    public void The_deviates_are_those_of_the_published_table(double share, int freedom, double published) => Assert.Equal(published, StudentT.TwoSided(share, freedom), 5e-4);

    [Fact]
    public void One_and_two_degrees_have_closed_forms()
    {
        // Cauchy's: tan(0.95 π / 2); and t = x sqrt(2 / (1 - x²)) with x = 0.95.
        Assert.Equal(Math.Tan(0.95 * Math.PI / 2), StudentT.TwoSided(0.95, 1), 1e-9);
        Assert.Equal(0.95 * Math.Sqrt(2 / (1 - (0.95 * 0.95))), StudentT.TwoSided(0.95, 2), 1e-9);
        Assert.Equal(1.959964, StudentT.TwoSided(0.95, 1_000_000), 1e-4);
    }

    [Fact]
    public void What_is_no_share_or_no_degree_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(0.95, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(0, 3));
    }
}
