using System.Reflection;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Plugins;
using DistillSharp.Tasks;
using DistillSharp.Training;

namespace DistillSharp.Tests.Plugins;

public sealed class PluginCatalogTests
{
    private static readonly Assembly[] s_here = [typeof(PluginCatalogTests).Assembly];

    [Fact]
    public void Classes_are_found_by_contract_and_attribute()
    {
        var catalog = new PluginCatalog<Shape>("shape", s_here);

        Assert.Equal(["round", "square"], catalog.All.Select(plugin => plugin.Key));
        Assert.Equal(new Plugin("round", "A circle", typeof(Round), typeof(RoundOptions)), catalog.Find("round"));
        Assert.Null(catalog.Find("square").OptionsType);
    }

    [Fact]
    public void An_assembly_named_twice_counts_once() =>
        Assert.Equal(2, new PluginCatalog<Shape>("shape", [.. s_here, .. s_here]).All.Count);

    [Fact]
    public void An_instance_has_the_options_given_or_their_defaults()
    {
        var catalog = new PluginCatalog<Shape>("shape", s_here);

        Assert.Equal(7, catalog.Create(new("round", new RoundOptions { Radius = 7 })).Size);
        Assert.Equal(3, catalog.Create(new("round")).Size);
        Assert.Equal(1, catalog.Create(new("square")).Size);
    }

    [Fact]
    public void A_constructors_own_refusal_is_told_as_it_is()
    {
        var error = Assert.Throws<NotSupportedException>(() => new PluginCatalog<Shape>("shape", s_here).Create(new("round", new RoundOptions { Radius = -1 })));

        Assert.Equal("A radius below 0.", error.Message);
    }

    [Fact]
    public void An_unknown_key_is_told_with_its_near_miss()
    {
        var error = Assert.Throws<UnknownPluginException>(() => new PluginCatalog<Shape>("shape", s_here).Find("rond"));

        Assert.Equal("There is no shape named 'rond'. Did you mean 'round'?", error.Message);
        Assert.Equal(("shape", "rond"), (error.Kind, error.Key));
    }

    [Fact]
    public void An_unknown_key_without_a_near_miss_is_told_with_all_there_are()
    {
        var error = Assert.Throws<UnknownPluginException>(() => new PluginCatalog<Shape>("shape", s_here).Find("triangular"));

        Assert.Contains("There are round, square.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_of_one_key_are_refused_both_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new PluginCatalog<Twin>("twin", s_here));

        Assert.Contains("'same'", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(FirstTwin), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SecondTwin), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_a_recipe_could_not_make_is_refused_by_name()
    {
        Refused<TwoConstructors>();
        Refused<TwoParameters>();
        Refused<HiddenConstructor>();
        Refused<NumberForOptions>();
        Refused<OptionsWithoutDefaults>();
    }

    [Theory]
    [InlineData("kd", typeof(SgdOptions), "The loss 'kd' takes KdLossOptions, but was given SgdOptions.")]
    [InlineData("kd", typeof(object), "The loss 'kd' takes KdLossOptions, but was given Object.")]
    public void Options_of_another_type_are_refused_both_named(string key, Type options, string message)
    {
        var choice = new PluginChoice<DistillationLoss>(key, Activator.CreateInstance(options));

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => PluginCatalogs.BuiltIn.Losses.Create(choice)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_for_a_plugin_without_any_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new PluginCatalog<Shape>("shape", s_here).Create(new("square", new RoundOptions())));

        Assert.Contains("'square' takes no options, but was given RoundOptions", error.Message, StringComparison.Ordinal);
    }

    private static void Refused<T>()
        where T : class
    {
        var error = Assert.Throws<InvalidOperationException>(() => new PluginCatalog<T>("thing", s_here));

        Assert.Contains(typeof(T).Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("one public constructor", error.Message, StringComparison.Ordinal);
    }

    internal abstract class Shape
    {
        public abstract int Size { get; }
    }

    internal sealed record RoundOptions
    {
        public int Radius { get; init; } = 3;
    }

    [Plugin("round", "A circle")]
    internal sealed class Round(RoundOptions options) : Shape
    {
        public override int Size { get; } = options.Radius >= 0 ? options.Radius : throw new NotSupportedException("A radius below 0.");
    }

    [Plugin("square", "A square")]
    internal sealed class Square : Shape
    {
        public override int Size => 1;
    }

    internal sealed class Unmarked : Shape
    {
        public override int Size => 0;
    }

    internal abstract class Twin;

    [Plugin("same", "One")]
    internal sealed class FirstTwin : Twin;

    [Plugin("same", "Other")]
    internal sealed class SecondTwin : Twin;

    [Plugin("two-constructors", "Which is it?")]
    internal sealed class TwoConstructors
    {
        public TwoConstructors()
        {
        }

        public TwoConstructors(RoundOptions options) => Options = options;

        public RoundOptions? Options { get; }
    }

    [Plugin("two-parameters", "One too many")]
    internal sealed class TwoParameters(RoundOptions options, RoundOptions more)
    {
        public int Sum => options.Radius + more.Radius;
    }

    [Plugin("hidden", "Cannot be made")]
    internal sealed class HiddenConstructor
    {
        private HiddenConstructor()
        {
        }

        public static HiddenConstructor Make() => new();
    }

    [Plugin("number", "Would silently get 0")]
    internal sealed class NumberForOptions(double temperature)
    {
        public double Temperature => temperature;
    }

    internal sealed record Demanding(int Value);

    [Plugin("demanding", "Has no defaults")]
    internal sealed class OptionsWithoutDefaults(Demanding options)
    {
        public int Value => options.Value;
    }
}
