using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DistillSharp.Losses;
using DistillSharp.Losses.Temperatures;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace Conformance.Tests;

/// <summary>What holds for every plug-in of every catalogue: how it is named, and that it can be had with nothing said.</summary>
public sealed partial class PluginConformanceTests
{
    private static readonly PluginCatalogs s_all = PluginCatalogs.BuiltIn;

    private static IEnumerable<(string Kind, string Key, string Summary, Type? Options)> Everything =>
    [
        .. s_all.Models.All.Select(model => ("model", model.Key, model.Summary, (Type?)model.OptionsType)),
        .. Of(s_all.Losses), .. Of(s_all.Optimizers), .. Of(s_all.Schedules), .. Of(s_all.Augmentations), .. Of(s_all.Datasets), .. Of(s_all.Temperatures),
    ];

    public static TheoryData<string, string> Keys => [.. Everything.Select(plugin => (plugin.Kind, plugin.Key))];

    [Fact]
    public void No_catalogue_is_empty() =>
        Assert.Equal(["augmentation", "data set", "loss", "model", "optimiser", "schedule", "temperature schedule"], Everything.Select(plugin => plugin.Kind).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_key_is_kebab_case_and_the_summary_one_line(string kind, string key)
    {
        string summary = Find(kind, key).Summary;

        Assert.Matches(KebabCase(), key);
        Assert.False(string.IsNullOrWhiteSpace(summary));
        Assert.DoesNotContain('\n', summary);
        Assert.False(summary.EndsWith('.'), $"'{summary}' ends with a full stop; it stands in a table.");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void It_can_be_had_with_nothing_said(string kind, string key)
    {
        var options = Find(kind, key).Options;
        if (options is not null)
        {
            Assert.True(options.IsSealed || kind == "model", $"{options} is not sealed.");
            Assert.NotNull(options.GetMethod("<Clone>$"));
            Assert.DoesNotContain(options.GetProperties(), property => property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null);
            Assert.Equal(Activator.CreateInstance(options)!.ToString(), Activator.CreateInstance(options)!.ToString());
        }

        object made = kind switch
        {
            "loss" => s_all.Losses.Create(new PluginChoice<DistillationLoss>(key)),
            "optimiser" => s_all.Optimizers.Create(new PluginChoice<Optimizer>(key)),
            "schedule" => s_all.Schedules.Create(new PluginChoice<Schedule>(key)),
            "temperature schedule" => s_all.Temperatures.Create(new PluginChoice<TemperatureSchedule>(key)),
            "augmentation" => s_all.Augmentations.Create(new PluginChoice<Augmentation>(key)),
            "data set" => s_all.Datasets.Create(new PluginChoice<DatasetFormat>(key)),
            _ => Activator.CreateInstance(options!)!,
        };
        (made as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_option_says_its_meaning_and_its_default(string kind, string key)
    {
        for (var type = Find(kind, key).Options; type is not null && type != typeof(object); type = type.BaseType)
        {
            var documents = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.SetMethod is not null))
            {
                Assert.True(documents.TryGetValue($"P:{type.FullName}.{property.Name}", out var member), $"{type.Name}.{property.Name} is not documented.");
                Assert.Contains("default", member.Element("summary")!.Value, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Numbers_that_make_no_sense_are_refused_by_the_options_that_take_them(string kind, string key)
    {
        var type = Find(kind, key).Options;
        foreach (var property in type?.GetProperties().Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(double) && property.SetMethod is not null) ?? [])
        {
            foreach (double nonsense in new[] { double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1 })
            {
                var error = Assert.Throws<TargetInvocationException>(() => property.SetValue(Activator.CreateInstance(type!), nonsense));
                var inner = Assert.IsType<ArgumentOutOfRangeException>(error.InnerException);
                Assert.Equal(property.Name, inner.ParamName);
            }
        }
    }

    [Fact]
    public void A_misspelt_key_is_refused_with_the_one_meant()
    {
        Assert.Contains("'kd'", Assert.Throws<UnknownPluginException>(() => s_all.Losses.Find("kdd")).Message, StringComparison.Ordinal);
        Assert.Contains("'resnet20'", Assert.Throws<UnknownPluginException>(() => s_all.Models.Find("resnet2o")).Message, StringComparison.Ordinal);
    }

    private static (string Kind, string Key, string Summary, Type? Options) Find(string kind, string key) => Everything.Single(plugin => plugin.Kind == kind && plugin.Key == key);

    private static IEnumerable<(string Kind, string Key, string Summary, Type? Options)> Of<T>(PluginCatalog<T> catalogue)
        where T : class => catalogue.All.Select(plugin => (catalogue.Kind, plugin.Key, plugin.Summary, plugin.OptionsType));

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
