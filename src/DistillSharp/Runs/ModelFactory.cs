using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Makes the models a recipe names, fitted to the data's classes and size.</summary>
internal static class ModelFactory
{
    public static ModelGraph Build(ModelChoice choice, ImageDataset data, PluginCatalogs plugins)
    {
        var options = choice.Options ?? (ModelOptions)Activator.CreateInstance(plugins.Models.Find(choice.Key).OptionsType)!;
        var input = data.Input;
        return plugins.Models.Build(choice.Key, options with { Classes = data.ClassNames.Count, Channels = input.Channels, Height = input.Height, Width = input.Width });
    }

    public static (string Name, ModelGraph Graph) Student(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (options.Student is { } own)
        {
            return (own.Name.Length > 0 ? own.Name : "own", own.Clone());
        }

        return recipe.Student.Weights is { } path
            ? (Path.GetFileName(path), ModelImport.Load(path).Graph)
            : (recipe.Student.Model!.Key, Build(recipe.Student.Model, data, options.Plugins));
    }

    /// <summary>Makes both models once, before anything is written or trained, and holds the student against the data.</summary>
    /// <exception cref="DataException">The student does not fit the data, or cannot be made INT8 where that is asked for.</exception>
    public static void Check(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (recipe.Teacher.Model is { } teacher)
        {
            Build(teacher, data, options.Plugins);
        }

        var (name, graph) = Student(recipe, options, data);
        var input = data.Input;
        Require(name, "takes pictures of", graph.Inputs.FirstOrDefault(), [null, input.Channels, input.Height, input.Width]);
        Require(name, "answers", graph.Outputs.FirstOrDefault(), [null, data.ClassNames.Count]);
        if (recipe.Quantization is { } quantization)
        {
            try
            {
                QuantizationPlan.Of(StaticQuantizer.Prepare(graph).Graph, quantization.ToOptions(recipe.Threads).Quantization);
            }
            catch (GraphException error)
            {
                throw new DataException($"The student '{name}' cannot be made INT8, as the recipe's 'quantization' asks. {error.Message}", error);
            }
        }
    }

    private static void Require(string name, string what, GraphValue? value, IReadOnlyList<long?> wanted)
    {
        if (value is { Shape: { } shape } && (shape.Count != wanted.Count || shape.Zip(wanted, (found, size) => found.Size is { } one && size is { } two && one != two).Any(differs => differs)))
        {
            throw new DataException(
                $"The student '{name}' {what} [{string.Join(", ", shape)}], but the data asks for [{string.Join(", ", wanted.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "batch"))}].");
        }
    }
}
