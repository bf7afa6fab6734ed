using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Passes;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Trainability;

namespace DistillSharp.Runs;

/// <summary>
/// A model file made ready to be a student: its batch freed, a Softmax behind its classes cut off. Then it is held against the data, and trained for a
/// moment to prove that it can be.
/// </summary>
internal sealed class StudentFile
{
    private readonly string _name;

    private StudentFile(string name, ModelGraph graph, ImageInput? card, IReadOnlyList<string> notes) => (_name, Graph, Card, Notes) = (name, graph, card, notes);

    /// <summary>The model.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The pictures its card asks for; null where it has none.</summary>
    public ImageInput? Card { get; }

    /// <summary>What was done to it, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a file and makes it ready.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="DataException">It takes no pictures, or its batch cannot be freed.</exception>
    public static StudentFile Load(string path)
    {
        string name = Path.GetFileName(path);
        var read = ModelImport.Load(path);
        return Prepare(name, read.Graph, read.Changes);
    }

    /// <summary>Makes a model ready.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="graph">The model; it is changed.</param>
    public static StudentFile Prepare(string name, ModelGraph graph) => Prepare(name, graph, new UntiePass(new() { MixedOnly = true }).ApplyInPlace(graph).Changes);

    private static StudentFile Prepare(string name, ModelGraph graph, IReadOnlyList<PassChanges> changes)
    {
        if (graph.Inputs.Count != 1)
        {
            throw new DataException($"The student '{name}' takes {graph.Inputs.Count} inputs ({string.Join("; ", graph.Inputs)}), but a picture is one. Cut it at one value with: distill convert FILE --from VALUE --to VALUE --out FILE.");
        }

        var input = graph.Inputs[0];
        if (input.Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.Float64))
        {
            throw new DataException($"The student '{name}' takes {input}, but pictures are floats. Export it without the conversion from bytes, or cut that off with: distill convert FILE --from VALUE --to VALUE --out FILE.");
        }

        if (ChannelsFirstPass.IsChannelsLast(input))
        {
            throw new DataException($"The student '{name}' takes pictures of [{string.Join(", ", input.Shape!)}], the channels last, but pictures here are [batch, channels, height, width]. Turn it with: distill convert FILE --pass channels-first --out FILE.");
        }

        var notes = new List<string>();
        if (input.Shape is [{ Size: { } batch }, ..])
        {
            graph = FreeBatch(name, graph, batch);
            notes.Add($"'{name}' was exported for a batch of {batch}: its batch is freed");
        }

        graph = CutSoftmax(name, graph, notes);
        int halves = graph.Initializers.Count(initializer => initializer is { Trainable: true, Data.Type: ElementType.Float16 or ElementType.BFloat16 });
        if (halves > 0)
        {
            notes.Add($"{halves} weights of '{name}' are floats of 16 bits: they are trained as float32, and written as they were");
        }

        if (changes.Sum(one => one.Counts.GetValueOrDefault(UntiePass.Copies)) is > 0 and int copies)
        {
            notes.Add($"tensors of '{name}' are read in different roles, such as a bias and a running mean that an exporter merged: {copies} copies are made, and each is trained as what it is");
        }

        if (ParameterRoles.Of(graph).All.Where(parameter => parameter is { Trains: false, IsNotable: true }).ToList() is { Count: > 0 } frozen)
        {
            notes.Add($"{frozen.Count} tensors of '{name}' are not trained: {string.Join("; ", frozen.Take(5).Select(parameter => $"'{parameter.Name}' {parameter.Reason}"))}{(frozen.Count > 5 ? $"; and {frozen.Count - 5} more (distill info lists all)" : "")}");
        }

        return new(name, graph, ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata))?.Input, notes);
    }

    /// <summary>The model with its classes in the data's order, where its card names the same ones.</summary>
    /// <param name="classNames">The data's class names.</param>
    public StudentFile InOrder(IReadOnlyList<string> classNames)
    {
        var named = ModelCard.FromMetadata(new Dictionary<string, string>(Graph.Metadata))?.ClassNames;
        if (ClassOrder.Same(named, classNames, $"'{_name}'") is not { } order)
        {
            return named!.Count != classNames.Count ? this : new(_name, Graph, Card, [.. Notes, $"'{_name}' names other classes than the data: {ClassOrder.Differences(named, classNames)}. Its last layer is taken over as it is"]);
        }

        return order.IsIdentity ? this : new(_name, ClassReordering.Apply(Graph, order, classNames), Card, [.. Notes, order.Note!]);
    }

    /// <summary>Holds the model against the data's pictures and classes, by what it declares.</summary>
    /// <exception cref="DataException">It does not fit.</exception>
    public void Require(ImageInput input, int classes)
    {
        Require("takes pictures of", Graph.Inputs[0], [null, input.Channels, input.Height, input.Width], "Choose the data's size (--imgsz), say the file's with student.size (--model-size) to have pictures fitted to it, or use another file.");
        Require("answers", Graph.Outputs.FirstOrDefault(), [null, classes], "Use a file with the data's classes.");
    }

    /// <summary>Proves that it trains: a forward and a backward on a batch of 2.</summary>
    /// <returns>What was proved and what is left out, in sentences.</returns>
    /// <exception cref="DataException">It cannot be trained, or answers something else than classes.</exception>
    public IReadOnlyList<string> Prove(ImageInput input, int classes)
    {
        string first = Graph.Outputs[0].Name;
        var proof = TrainabilityProof.Of(Graph, new()
        {
            Trial = new() { Batch = 2, Shapes = new Dictionary<string, IReadOnlyList<long>> { [Graph.Inputs[0].Name] = [2, input.Channels, input.Height, input.Width] } },
            Outputs = [first],
        });
        if (proof.Verdict == TrainabilityVerdict.Refused)
        {
            var broken = proof.Weights.Where(weight => !weight.Trains).Take(5);
            throw new DataException($"The student '{_name}' cannot be trained: {proof.Reason}{string.Concat(broken.Select(weight => $"\n  {weight}"))}");
        }

        if (proof.OutputShapes.TryGetValue(first, out long[]? shape) && !shape.SequenceEqual([2, classes]))
        {
            throw new DataException($"The student '{_name}' answers [{string.Join(", ", shape)}] to 2 pictures, but [2, {classes}] is expected: the logits of {classes} classes.");
        }

        var left = proof.Weights.Where(weight => !weight.Trains).ToList();
        return proof.Verdict switch
        {
            TrainabilityVerdict.Partly => [$"{left.Count} weights of '{_name}' stay as they are, because nothing learnt reaches them: {string.Join("; ", left.Take(5))}{(left.Count > 5 ? $"; and {left.Count - 5} more" : "")}"],
            TrainabilityVerdict.NotTried => [$"that '{_name}' trains was not proved: {proof.Reason}"],
            _ => [],
        };
    }

    private static ModelGraph FreeBatch(string name, ModelGraph graph, long batch)
    {
        try
        {
            return new DynamicBatchPass(new()).ApplyInPlace(graph).Graph;
        }
        catch (GraphException error)
        {
            throw new DataException($"The student '{name}' was exported for a batch of {batch}, which cannot be freed: {error.Message} Export it with a free batch.", error);
        }
    }

    private static ModelGraph CutSoftmax(string name, ModelGraph graph, List<string> notes)
    {
        if (graph.Outputs.FirstOrDefault() is not { } first)
        {
            throw new DataException($"The student '{name}' has no output.");
        }

        if (CutSoftmaxPass.Find(graph, first.Name) is not null)
        {
            graph = new CutSoftmaxPass().ApplyInPlace(graph).Graph;
            notes.Add($"'{name}' ends in a Softmax, and losses want logits: it is cut off, and what is written answers logits");
        }
        else if (new GraphUses(graph).Producer(first.Name) is { Domain: "", Operation: "Sigmoid" } sigmoid)
        {
            throw new DataException($"The student '{name}' ends in {sigmoid}, which answers each class by itself; here a picture is of one class. Cut it off with: distill convert FILE --to {sigmoid.Inputs[0]} --out FILE.");
        }

        return graph;
    }

    private void Require(string what, GraphValue? value, IReadOnlyList<long?> wanted, string advice)
    {
        if (value is { Shape: { } shape } && (shape.Count != wanted.Count || shape.Zip(wanted, (found, size) => found.Size is { } one && size is { } two && one != two).Any(differs => differs)))
        {
            throw new DataException(
                $"The student '{_name}' {what} [{string.Join(", ", shape)}], but the data asks for [{string.Join(", ", wanted.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "batch"))}]. {advice}");
        }
    }
}
