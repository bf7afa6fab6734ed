using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Plugins;

namespace Conformance.Tests.Fuzzing;

/// <summary>Does to a damaged file all that the library does to files; what comes out must be a documented refusal or a result.</summary>
internal static class FuzzedModel
{
    private static readonly QuantizationOptions s_int8 = new() { Target = QuantizationTarget.Vnni };

    /// <summary>Goes through everything.</summary>
    /// <param name="file">The file.</param>
    /// <returns>How many of the works were done, not refused.</returns>
    /// <exception cref="FuzzException">Something else than a documented refusal came out.</exception>
    public static int Try(byte[] file)
    {
        int done = 0;
        done += Work("check the file", () => GraphChecker.CheckFile(file));
        ModelGraph? graph = null;
        if (Work("load", () => graph = OnnxFile.Load(file)) == 0)
        {
            return done;
        }

        done += 1 + Work("check", () => GraphChecker.Check(graph!));
        done += Work("infer", () => ShapeInference.Infer(graph!.Clone()));
        done += Work("count", () => ModelStatistics.Of(graph!));
        done += Work("write", () => Rewritten(graph!));
        foreach (var (name, pass) in Passes(graph!))
        {
            done += Work(name, () => Rewritten(pass.Apply(graph!).Graph));
        }

        done += Work("import", () => Rewritten(ModelImport.Passes.Run(graph!).Graph));
        done += Work("compile", () =>
        {
            using var executor = new GraphExecutor(graph!);
        });
        done += Work("quantise", () => Quantize(graph!));
        return done;
    }

    private static IEnumerable<(string, GraphPass)> Passes(ModelGraph graph)
    {
        foreach (var plugin in PluginCatalogs.BuiltIn.Passes.All.Where(plugin => plugin.Key != "fold-constants"))
        {
            yield return (plugin.Key, PluginCatalogs.BuiltIn.Passes.Create(plugin.Key));
        }

        yield return ("fold", new ConstantFoldingPass(new() { FoldTrainable = true }));
        yield return ("tap", new TapPass([.. graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).Take(2)]));
        yield return ("extract", new ExtractPass([], [.. graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).Take(1)]));
    }

    /// <summary>A graph that came out of a file can be written and read again, and is the same.</summary>
    private static void Rewritten(ModelGraph graph)
    {
        byte[] once = OnnxFile.Serialize(graph);
        byte[] again = OnnxFile.Serialize(OnnxFile.Load(once));
        if (!once.AsSpan().SequenceEqual(again))
        {
            throw new FuzzException($"A graph of {graph.Nodes.Count} nodes is {once.Length} bytes when written, and {again.Length} others when read and written again.");
        }
    }

    private static void Quantize(ModelGraph graph)
    {
        var prepared = new PassPipeline(new ConstantFoldingPass(new() { FoldTrainable = true }), new RemoveIdentityPass(new()), new FoldBatchNormPass(), new RemoveDeadPass(new()), new EqualizePass()).Run(graph).Graph;
        Work("dynamic", () => Rewritten(new DynamicQuantizePass(s_int8).Apply(prepared).Graph));
        var plan = QuantizationPlan.Of(prepared, s_int8);
        var ranges = plan.Values.ToDictionary(value => value.Name, _ => new QuantizationRange(-1, 2), StringComparer.Ordinal);
        var training = new QuantizePass(s_int8, ranges).Apply(prepared).Graph;
        Rewritten(training);
        var deployed = new DeployQuantizedPass().Apply(training).Graph;
        Rewritten(deployed);
        Rewritten(new LiftQuantizedPass().Apply(deployed).Graph);
    }

    private static int Work(string what, Action work)
    {
        try
        {
            work();
            return 1;
        }
        catch (Exception error) when (error is GraphException or OperatorNotCoveredException)
        {
            return error.Message.Length > 5 ? 0 : throw new FuzzException($"{what}: the message '{error.Message}' says nothing.", error);
        }
        catch (Exception error) when (error is not FuzzException)
        {
            throw new FuzzException($"{what}: {error.GetType().Name}: {error.Message}\n{string.Join('\n', (error.StackTrace ?? "").Split('\n').Take(6))}", error);
        }
    }
}

/// <summary>What must not happen to a damaged file.</summary>
internal sealed class FuzzException : Exception
{
    public FuzzException(string message)
        : base(message)
    {
    }

    public FuzzException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
