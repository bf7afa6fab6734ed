using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
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
            ? (Path.GetFileName(path), OnnxFile.Load(path))
            : (recipe.Student.Model!.Key, Build(recipe.Student.Model, data, options.Plugins));
    }
}
