using CsCheck;

namespace DistillSharp.Graph.Tests;

public sealed class InitializationTests
{
    [Fact]
    public void The_text_form_is_the_kind_and_its_scale()
    {
        Assert.Equal("normal(0.05)", Initialization.Normal(0.05).ToString());
        Assert.Equal("uniform(0.2)", Initialization.TorchDefault(25).ToString());
        Assert.Equal("constant(-1)", Initialization.Constant(-1).ToString());
    }

    [Fact]
    public void Every_initialisation_survives_its_text_form() =>
        Gen.Select(Gen.Enum<InitializationKind>(), Gen.Double.Where(double.IsFinite))
            .Sample((kind, scale) => Initialization.Parse(new Initialization(kind, scale).ToString()) == new Initialization(kind, scale), iter: 1000);

    [Theory]
    [InlineData("")]
    [InlineData("normal")]
    [InlineData("normal(")]
    [InlineData("normal()")]
    [InlineData("(1)")]
    [InlineData("normal(1")]
    [InlineData("normal(wide)")]
    [InlineData("normal(1,5)")]
    [InlineData("gamma(1)")]
    [InlineData("7(1)")]
    [InlineData("normal,uniform(1)")]
    [InlineData("normal(NaN)")]
    [InlineData("uniform(Infinity)")]
    public void A_text_that_is_no_initialisation_is_none(string text) => Assert.Null(Initialization.Parse(text));
}
