using System.Globalization;
using System.Text.Json;
using DistillSharp.Graph.Analysis;
using DistillSharp.TestKit;

namespace DistillSharp.Graph.Tests.Zoo;

/// <summary>The zoo against parameters and multiply-accumulates counted by the reference implementations.</summary>
public sealed class GoldenModelsTests
{
    [Fact]
    [Trait("Category", "Golden")]
    public void Every_published_model_has_its_parameters_operations_and_tensors()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("models.json")));
        var wrong = new List<string>();
        int cases = 0;
        foreach (var model in golden.RootElement.EnumerateObject())
        {
            foreach (var entry in model.Value.EnumerateObject())
            {
                cases++;
                int classes = int.Parse(entry.Name, CultureInfo.InvariantCulture);
                string expected = $"{entry.Value.GetProperty("parameters")} {entry.Value.GetProperty("macs_32x32")} {entry.Value.GetProperty("tensors")}";
                if (!ModelZoo.Factories.ContainsKey(KeyOf(model.Name)))
                {
                    wrong.Add($"{model.Name}: no model '{KeyOf(model.Name)}'");
                    continue;
                }

                var statistics = ModelStatistics.Of(ModelZoo.Build(KeyOf(model.Name), classes));
                string found = $"{statistics.Parameters} {statistics.Macs} {statistics.ParameterTensors}";
                if (found != expected)
                {
                    wrong.Add($"{model.Name}, {classes} classes: {found} instead of {expected}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} golden cases");
        Assert.True(cases > 0, "models.json holds no case.");
        Assert.Empty(wrong);
    }

    /// <summary>The reference implementations' spellings in our kebab-case.</summary>
    private static string KeyOf(string name)
    {
        string key = name.Replace('_', '-');
        key = key.EndsWith("-bn", StringComparison.Ordinal) ? key[..^3] : key;
        return key.Replace("ShuffleV", "shufflenet-v", StringComparison.Ordinal);
    }
}
