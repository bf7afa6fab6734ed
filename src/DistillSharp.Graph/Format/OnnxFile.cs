using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>Reads and writes ONNX files. Reading trusts nothing: every size is checked against the bytes that are there.</summary>
public static class OnnxFile
{
    /// <summary>The lowest version of ONNX's own operators that is kept; files of older ones are read as this one where their nodes can be rewritten for it.</summary>
    public const int LowestOpset = 7;

    /// <summary>The highest version of ONNX's own operators that is read and written.</summary>
    public const int HighestOpset = 21;

    /// <summary>Reads a file; weights kept outside it are looked for beside it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GraphException">The file is no ONNX model, or a broken one; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelGraph Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return Read(bytes, Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (GraphException error)
        {
            throw new GraphException($"'{path}' cannot be read as an ONNX model: {error.Message}", error);
        }
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <exception cref="GraphException">The bytes are no ONNX model, or a broken one.</exception>
    public static ModelGraph Load(ReadOnlyMemory<byte> bytes) => Read(bytes, folder: null);

    /// <summary>Reads a tensor that lies in a file of its own, as test data of ONNX models do.</summary>
    /// <param name="path">The file: one TensorProto, often called <c>input_0.pb</c>.</param>
    /// <returns>The tensor and its name, which may be empty.</returns>
    /// <exception cref="GraphException">The file holds no tensor, or a broken one; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (string Name, TensorData Data) LoadTensor(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            var tensor = TensorProto.Parser.ParseFrom(bytes);
            return (tensor.Name, TensorReader.Read(tensor, Path.GetDirectoryName(Path.GetFullPath(path))));
        }
        catch (Exception error) when (error is GraphException or InvalidProtocolBufferException)
        {
            throw new GraphException($"'{path}' cannot be read as an ONNX tensor: {error.Message}", error);
        }
    }

    /// <summary>Writes a model to memory.</summary>
    /// <param name="graph">The model.</param>
    public static byte[] Serialize(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return GraphWriter.Write(graph).ToByteArray();
    }

    /// <summary>Writes a file whole: beside it first, then flushed and renamed.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="path">The file.</param>
    public static void Save(ModelGraph graph, string path)
    {
        byte[] bytes = Serialize(graph);
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads a model whose weights may lie in files of a folder.</summary>
    internal static ModelGraph Read(ReadOnlyMemory<byte> bytes, string? folder)
    {
        var model = Parse(bytes);
        if (model.Graph is null || model.OpsetImport.Count == 0)
        {
            throw new GraphException($"the file holds {(model.Graph is null ? "no graph" : "no operator set")}, so it is no ONNX model.");
        }

        return GraphReader.Read(model, folder);
    }

    /// <summary>The file's messages, not looked into.</summary>
    internal static ModelProto Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new GraphException($"the file is truncated or no ONNX file ({error.Message}).", error);
        }
    }
}
