using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
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

    /// <summary>Makes both models once, or opens the teacher's file, before anything is written or trained, and holds the student against the data.</summary>
    /// <exception cref="DataException">The student does not fit the data.</exception>
    /// <exception cref="GraphException">A model's file is damaged; the message names it.</exception>
    public static void Check(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (recipe.Teacher.Model is { } teacher)
        {
            Build(teacher, data, options.Plugins);
        }
        else if (recipe.Teacher.Weights is { } file)
        {
            // A teacher that cannot be run must not leave a run's folder behind.
            using var session = ModelSession.Open(file, new() { Threads = recipe.Threads });
        }

        var (name, graph) = Student(recipe, options, data);
        var input = data.Input;
        Require(name, "takes pictures of", graph.Inputs.FirstOrDefault(), [null, input.Channels, input.Height, input.Width]);
        Require(name, "answers", graph.Outputs.FirstOrDefault(), [null, data.ClassNames.Count]);
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
