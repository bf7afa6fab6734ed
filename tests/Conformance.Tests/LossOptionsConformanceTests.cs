using System.Collections;
using System.Reflection;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Training;

namespace Conformance.Tests;

/// <summary>Every option of every loss comes back from a recipe's text as it was, also where it is not the default.</summary>
public sealed class LossOptionsConformanceTests
{
    public static TheoryData<string> Losses => [.. PluginCatalogs.BuiltIn.Losses.All.Select(loss => loss.Key)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Options_come_back_from_a_recipe(string key)
    {
        var type = PluginCatalogs.BuiltIn.Losses.Find(key).OptionsType!;
        AssertReturns(key, Activator.CreateInstance(type)!);
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            object changed = Activator.CreateInstance(type)!;
            object? before = property.GetValue(changed);
            bool other = Others(property.PropertyType, before).Any(value => Set(property, changed, value) && !Same(property.GetValue(changed), before));

            Assert.True(other, $"no other value than the default was found for {type.Name}.{property.Name}: the test does not know the type {property.PropertyType}.");
            AssertReturns(key, changed);
        }
    }

    private static void AssertReturns(string key, object options)
    {
        var recipe = RecipeReader.Parse("data: glyphs\nteacher: {model: mlp}\nstudent: {model: mlp}") with { Distillation = new() { Losses = [new(key, options)] } };
        string text = RecipeWriter.Write(recipe);
        object read = RecipeReader.Parse(text).Distillation.Losses[0].Options!;
        foreach (var property in options.GetType().GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            Assert.True(Same(property.GetValue(options), property.GetValue(read)), $"{key}: {property.Name} is {property.GetValue(options)} and comes back as {property.GetValue(read)} from\n{text}");
        }
    }

    /// <summary>Values to try; the options refuse those that make no sense.</summary>
    private static IEnumerable<object> Others(Type type, object? now)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? [!(bool)now!]
            : type == typeof(double) ? [0.3125, 2.5, 17, 0.0625, 1e-4]
            : type == typeof(int) ? [3, 2, 7, 64, 1]
            : type.IsEnum ? Enum.GetValues(type).Cast<object>()
            : type == typeof(IReadOnlyList<double>) ? [new List<double> { 0.5, 2 }, new List<double> { 2, 3, 4 }]
            : type == typeof(IReadOnlyList<int>) ? [new List<int> { 2, 1 }]
            : type == typeof(IReadOnlyList<string>) ? [new List<string> { "0-1", "1-2" }, new List<string> { "query-key", "value-value" }, new List<string> { "layer1", "layer2=layer3" }]
            : type == typeof(PluginChoice<Schedule>) ? [new PluginChoice<Schedule>("warm-up", new WarmUpScheduleOptions { Epochs = 7 })]
            : type == typeof(PluginChoice<DistillSharp.Losses.Temperatures.TemperatureSchedule>)
                ? [new PluginChoice<DistillSharp.Losses.Temperatures.TemperatureSchedule>("linear", new DistillSharp.Losses.Temperatures.LinearTemperatureOptions { Final = 2.5 })]
            : [];
    }

    private static bool Set(PropertyInfo property, object options, object value)
    {
        try
        {
            property.SetValue(options, value);
            return true;
        }
        catch (TargetInvocationException error) when (error.InnerException is ArgumentException)
        {
            return false;
        }
    }

    private static bool Same(object? a, object? b) => a is IEnumerable first and not string && b is IEnumerable second ? first.Cast<object>().SequenceEqual(second.Cast<object>()) : Equals(a, b);
}
