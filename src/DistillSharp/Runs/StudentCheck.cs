using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Refuses a student that does not fit the data, before anything is trained.</summary>
internal static class StudentCheck
{
    /// <summary>Compares a student's input and classes with the data's; sizes that the graph leaves free fit anything.</summary>
    /// <exception cref="DataException">They differ; both are named.</exception>
    public static void Check(string name, ModelGraph student, ImageDataset data)
    {
        var graph = student.Clone();
        ShapeInference.Infer(graph);
        var input = data.Input;
        long[] wanted = [input.Channels, input.Height, input.Width];
        if (graph.Inputs is [{ Shape: { } shape }, ..] && (shape.Count != 4 || shape.Skip(1).Zip(wanted).Any(pair => pair.First.Size is { } size && size != pair.Second)))
        {
            throw new DataException($"The student '{name}' takes [{string.Join(", ", shape)}], but {data.Name} has pictures of [batch, {string.Join(", ", wanted)}]. Choose the data's size (--imgsz for folders of pictures), or another student.");
        }

        if (graph.Outputs.Count > 0 && ShapeInference.Find(graph, graph.Outputs[0].Name)?.Shape is [.., { Size: { } classes }] && classes != data.ClassNames.Count)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The student '{name}' tells {classes} classes apart, but {data.Name} has {data.ClassNames.Count}. Use a student with the data's classes."));
        }
    }
}
