using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Makes the models a recipe names, fitted to the data's classes and size.</summary>
internal static class ModelFactory
{
    public static ModelGraph Build(ModelChoice choice, ImageDataset data, PluginCatalogs plugins)
    {
        var entry = plugins.Models.Find(choice.Key);
        if (entry.Task != "classification")
        {
            throw new DataException($"The model '{choice.Key}' is for {entry.Task}, but the data are pictures with a class each. Classifiers are {string.Join(", ", plugins.Models.All.Where(one => one.Task == "classification").Select(one => one.Key))}.");
        }

        var options = choice.Options ?? (ModelOptions)Activator.CreateInstance(entry.OptionsType)!;
        var input = data.Input;
        return plugins.Models.Build(choice.Key, options with { Classes = data.ClassNames.Count, Channels = input.Channels, Height = input.Height, Width = input.Width });
    }

    /// <summary>The student, what the recipe calls it, and the pictures it wants.</summary>
    /// <exception cref="DataException">A file cannot be made a student of the data.</exception>
    public static (string Name, ModelGraph Graph, ImageInput Input) Student(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (File(recipe, options, data) is { } file)
        {
            return (file.Name, file.Student.Graph, InputOf(file.Student, recipe, data));
        }

        return (recipe.Student.Model!.Key, Build(recipe.Student.Model, data, options.Plugins), data.Input);
    }

    /// <summary>
    /// Makes both models once, or opens the teacher's file, before anything is written or trained, holds both against the data, and proves that a student's file trains.
    /// </summary>
    /// <returns>What was done to a file, in sentences.</returns>
    /// <exception cref="DataException">A model does not fit the data, or the student cannot be trained, or cannot be made INT8 where that is asked for.</exception>
    /// <exception cref="GraphException">A model's file is damaged; the message names it.</exception>
    public static IReadOnlyList<string> Check(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (recipe.Teacher.Model is { } teacher)
        {
            Build(teacher, data, options.Plugins);
        }
        else if (recipe.Teacher.Weights is { } finished)
        {
            // A teacher that cannot be run must not leave a run's folder behind.
            using var session = ModelSession.Open(finished, new() { Threads = recipe.Threads });
            FinishedTeacher.Check(session, recipe.Teacher, data);
        }

        if (File(recipe, options, data) is not { } file)
        {
            var (key, graph, _) = Student(recipe, options, data);
            RequireQuantizable(key, graph, recipe);
            return [];
        }

        var input = InputOf(file.Student, recipe, data);
        file.Student.Require(input, data.ClassNames.Count);
        RequireQuantizable(file.Name, file.Student.Graph, recipe);
        return [.. file.Student.Notes, .. file.Student.Prove(input, data.ClassNames.Count)];
    }

    private static void RequireQuantizable(string name, ModelGraph graph, Recipe recipe)
    {
        if (recipe.Quantization is not { } quantization)
        {
            return;
        }

        try
        {
            QuantizationPlan.Of(StaticQuantizer.Prepare(graph).Graph, quantization.ToOptions(recipe.Threads).Quantization);
        }
        catch (GraphException error)
        {
            throw new DataException($"The student '{name}' cannot be made INT8, as the recipe's 'quantization' asks. {error.Message}", error);
        }
    }

    private static (string Name, StudentFile Student)? File(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (options.Student is { } own)
        {
            string name = own.Name.Length > 0 ? own.Name : "own";
            return (name, StudentFile.Prepare(name, own.Clone()).InOrder(data.ClassNames));
        }

        return recipe.Student.Weights is { } path ? (Path.GetFileName(path), StudentFile.Load(path).InOrder(data.ClassNames)) : null;
    }

    /// <summary>The recipe's word, else the data's size with the normalisation of the file's card: what its weights were trained with.</summary>
    private static ImageInput InputOf(StudentFile student, Recipe recipe, ImageDataset data)
    {
        var declared = student.Graph.Inputs[0].Shape?.Select(size => size.Size).ToList();
        return recipe.Student.Input.Any ? PictureInput.Settle("student", recipe.Student.Input.Size is null ? null : declared, student.Card, data.Input, recipe.Student.Input)
            : student.Card is { } card && card.Channels == data.Input.Channels ? data.Input with { Mean = card.Mean, Deviation = card.Deviation }
            : data.Input;
    }
}
