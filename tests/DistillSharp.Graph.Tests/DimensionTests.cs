namespace DistillSharp.Graph.Tests;

public sealed class DimensionTests
{
    [Fact]
    public void A_dimension_is_a_size_a_name_or_unknown()
    {
        Dimension fixedSize = 5;

        Assert.Equal((5L, null), (fixedSize.Size, fixedSize.Symbol));
        Assert.Equal((null, "batch"), (Dimension.Named("batch").Size, Dimension.Named("batch").Symbol));
        Assert.Equal((null, null), (Dimension.Unknown.Size, Dimension.Unknown.Symbol));
        Assert.Equal("[5, batch, ?]", new GraphValue("x", ElementType.Float32, [5, Dimension.Named("batch"), Dimension.Unknown]).ToString()[^13..]);
    }

    [Fact]
    public void Equal_dimensions_are_equal_by_value()
    {
        Assert.Equal(Dimension.Of(3), (Dimension)3);
        Assert.Equal(Dimension.Named("n"), Dimension.Named("n"));
        Assert.NotEqual(Dimension.Named("n"), Dimension.Named("m"));
        Assert.NotEqual(Dimension.Of(0), Dimension.Unknown);
    }

    [Fact]
    public void A_negative_size_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Dimension.Of(-1));

    [Fact]
    public void A_value_of_unknown_rank_says_only_its_type() => Assert.Equal("x: Int64", new GraphValue("x", ElementType.Int64, null).ToString());
}
