using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Makes a model from elsewhere ready to be trained: constants that exporters write as nodes become initialisers, so that weights are found,
/// branches that are always taken are put in place, and tensors that an exporter merged although their roles differ are separated. Functions are inlined when the file is read. What is computed stays the same.
/// </summary>
public static class ModelImport
{
    /// <summary>The passes, in order.</summary>
    public static PassPipeline Passes { get; } = new(ConstantFoldingPass.Default, new InlineIfPass(), new UntiePass(new() { MixedOnly = true }), ConstantFoldingPass.Default);

    /// <summary>Reads a file and makes it ready.</summary>
    /// <param name="path">The ONNX file; weights beside it are found.</param>
    /// <returns>The model, and what was changed.</returns>
    /// <exception cref="GraphException">The file is no ONNX model, or a broken one; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PassResult Load(string path)
    {
        var graph = OnnxFile.Load(path);
        try
        {
            return Passes.RunInPlace(graph);
        }
        catch (GraphException error)
        {
            throw new GraphException($"'{path}' cannot be made ready for training: {error.Message}", error);
        }
    }
}
