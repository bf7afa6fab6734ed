using System.Runtime.InteropServices;
using DistillSharp.Graph;
using DistillSharp.Runtime.Native;
using DistillSharp.Tasks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime;

/// <summary>A model that ONNX Runtime runs: pictures in, logits out. Safe to call from several threads.</summary>
public sealed partial class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run;

    private ModelSession(InferenceSession session, int threads, long fileLength)
    {
        _session = session;
        Threads = threads;
        FileLength = fileLength;
        InputName = session.InputNames is [var input, ..] ? input : throw new GraphException("The model takes no input, so it has nothing to look at.");
        OutputNames = session.OutputNames is [_, ..] outputs ? outputs : throw new GraphException("The model gives no output.");
        if (!session.InputMetadata[InputName].IsTensor || !session.OutputMetadata[OutputNames[0]].IsTensor)
        {
            throw new GraphException($"The model maps '{InputName}', a {session.InputMetadata[InputName].OnnxValueType}, to '{OutputNames[0]}', a {session.OutputMetadata[OutputNames[0]].OnnxValueType}; both must be tensors.");
        }

        InputShape = [.. session.InputMetadata[InputName].Dimensions.Select(size => size > 0 ? size : (int?)null)];
        string answer = OutputNames.Contains("output0") ? "output0" : OutputNames[0];
        Card = ModelCard.FromMetadata(session.ModelMetadata.CustomMetadataMap) ?? ModelCard.FromYolov5(session.ModelMetadata.CustomMetadataMap, session.OutputMetadata[answer].Dimensions);
        int last = session.OutputMetadata[OutputNames[0]].Dimensions.LastOrDefault(-1);
        ClassCount = Card?.ClassNames.Count ?? (last > 0 ? last : null);

        // Last, so that nothing native is left behind where the model is refused.
        _run = new();
    }

    /// <summary>The name of the first input.</summary>
    public string InputName { get; }

    /// <summary>The names of the outputs; the first holds the logits.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>The first input's shape; null where a size is free.</summary>
    public IReadOnlyList<int?> InputShape { get; }

    /// <summary>The card the file carries; null where it carries none.</summary>
    public ModelCard? Card { get; }

    /// <summary>The batch that the file fixes, as exporters do for one picture; null where any is taken. Other batches are run in pieces of this size.</summary>
    public int? FixedBatchSize => InputShape is [{ } size, ..] ? size : null;

    /// <summary>The number of classes; null where neither the card nor the output's shape says.</summary>
    public int? ClassCount { get; }

    /// <summary>The threads within one operator.</summary>
    public int Threads { get; }

    /// <summary>The model's size in bytes.</summary>
    public long FileLength { get; }

    /// <summary>ONNX Runtime's own session, for what times it and what binds to it.</summary>
    internal InferenceSession Native => _session;

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The ONNX file; weights beside it are found.</param>
    /// <param name="options">How to run it.</param>
    /// <returns>The session.</returns>
    /// <exception cref="GraphException">The file is damaged, or holds operators ONNX Runtime does not know.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing or too old; the message names the package that fits.</exception>
    public static ModelSession Open(string path, ModelSessionOptions? options = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model '{path}' does not exist.", path);
        }

        options ??= new();
        return Guard($"'{path}'", () =>
        {
            using var settings = Settings(options);
            return Create(new(path, settings), options.EffectiveThreads, new FileInfo(path).Length);
        });
    }

    /// <summary>Opens a model from memory.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="options">How to run it.</param>
    /// <returns>The session.</returns>
    /// <exception cref="GraphException">The bytes are damaged, or hold operators ONNX Runtime does not know.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing or too old; the message names the package that fits.</exception>
    public static ModelSession Open(byte[] model, ModelSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        return Guard("The model", () =>
        {
            using var settings = Settings(options);
            return Create(new(model, settings), options.EffectiveThreads, model.LongLength);
        });
    }

    /// <summary>Runs the model. A file of float16 inputs or outputs is fed and read as float32; one that fixes another batch size is run in pieces.</summary>
    /// <param name="input">The input's elements, float32, row-major.</param>
    /// <param name="shape">The input's shape, <c>[N, C, H, W]</c> for pictures.</param>
    /// <param name="output">The output wanted; null for the first.</param>
    /// <returns>The output's elements and its shape.</returns>
    /// <exception cref="GraphException">The input does not fit the model.</exception>
    public (float[] Values, long[] Shape) Run(ReadOnlyMemory<float> input, ReadOnlySpan<long> shape, string? output = null)
    {
        if (FixedBatchSize is { } size && shape.Length == InputShape.Count && shape[0] > 0 && shape[0] != size)
        {
            return FixedBatch.Run(input, shape, size, (part, sizes) => RunWhole(part, sizes, output))
                ?? throw new GraphException($"The model's input '{InputName}' is for batches of {size} and was given {shape[0]} samples; its answers are not one row a sample, so it cannot be run in pieces. Free the batch: distill convert MODEL --dynamic-batch --out FILE.");
        }

        return RunWhole(input, shape.ToArray(), output);
    }

    private (float[] Values, long[] Shape) RunWhole(ReadOnlyMemory<float> input, long[] sizes, string? output) =>
        Guard($"The model's input '{InputName}' is [{string.Join(", ", InputShape.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}] and was given [{string.Join(", ", sizes)}]; it", () =>
        {
            using var value = _session.InputMetadata[InputName].ElementDataType == TensorElementType.Float16 ? Halved(input, sizes)
                : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(input), sizes);
            using var results = _session.Run(_run, [InputName], [value], [output ?? OutputNames[0]]);
            var told = results[0].GetTensorTypeAndShape();
            return (told.ElementDataType == TensorElementType.Float16 ? Widened(results[0]) : Floats(results[0], output ?? OutputNames[0]).ToArray(), told.Shape);
        });

    private static OrtValue Halved(ReadOnlyMemory<float> input, long[] sizes)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float16, sizes);
        var halves = MemoryMarshal.Cast<byte, Half>(value.GetTensorMutableRawData());
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)input.Span[i];
        }

        return value;
    }

    private static float[] Widened(OrtValue value)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(value.GetTensorMutableRawData());
        float[] floats = new float[halves.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = (float)halves[i];
        }

        return floats;
    }

    /// <summary>Runs the model and looks at several outputs, without copying them.</summary>
    /// <param name="input">The input's elements, float32, row-major.</param>
    /// <param name="shape">The input's shape, <c>[N, C, H, W]</c> for pictures.</param>
    /// <param name="outputs">The outputs wanted, all float32.</param>
    /// <param name="look">Called for each output in order; its span is valid only during the call.</param>
    /// <exception cref="GraphException">The input does not fit the model.</exception>
    public void Run(ReadOnlyMemory<float> input, ReadOnlySpan<long> shape, IReadOnlyList<string> outputs, OutputLook look)
    {
        ArgumentNullException.ThrowIfNull(look);
        long[] sizes = shape.ToArray();
        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(input), sizes);
        using var results = Guard($"The model, given [{string.Join(", ", sizes)}] as '{InputName}',", () => _session.Run(_run, [InputName], [value], outputs));
        for (int i = 0; i < outputs.Count; i++)
        {
            look(i, Floats(results[i], outputs[i]), results[i].GetTensorTypeAndShape().Shape);
        }
    }

    /// <summary>Binds one shape's input and output to memory, so that predictions allocate nothing managed.</summary>
    /// <param name="shape">The input's shape, <c>[N, C, H, W]</c> for pictures.</param>
    /// <param name="output">The output wanted; null for the first.</param>
    /// <returns>The bound session, disposed before this one.</returns>
    /// <exception cref="GraphException">The shape does not fit the model.</exception>
    public BoundSession Bind(ReadOnlySpan<long> shape, string? output = null)
    {
        long[] sizes = shape.ToArray();
        string name = output ?? OutputNames[0];

        // Where the file leaves the output's size open, one run on zeros tells it.
        long[] outputSizes = BoundSession.DeclaredShape(_session, InputName, sizes, name)
            ?? Run(new float[sizes.Aggregate(1L, (product, size) => checked(product * size))], sizes, name).Shape;
        return Guard("The model's input or output", () => new BoundSession(_session, InputName, sizes, name, outputSizes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static ReadOnlySpan<float> Floats(OrtValue value, string name)
    {
        if (!value.IsTensor || value.GetTensorTypeAndShape().ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
        {
            throw new GraphException($"The model's output '{name}' is {(value.IsTensor ? $"a tensor of {value.GetTensorTypeAndShape().ElementDataType}" : $"a {value.OnnxType}")}; float32 is wanted.");
        }

        return value.GetTensorDataAsSpan<float>();
    }

    private static ModelSession Create(InferenceSession session, int threads, long fileLength)
    {
        try
        {
            return new(session, threads, fileLength);
        }
        catch
        {
            // A damaged card, a model without inputs: the native session must not stay behind.
            session.Dispose();
            throw;
        }
    }

    private static SessionOptions Settings(ModelSessionOptions options)
    {
        var native = NativeOnnxRuntime.CreateOptions(options.EffectiveThreads);
        (native.EnableCpuMemArena, native.EnableMemoryPattern) = (options.KeepMemory, options.KeepMemory);

        // Training alternates with sessions: threads that spin while they wait would take its cores.
        native.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return native;
    }

    private static T Guard<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException error)
        {
            throw new GraphException($"{what} cannot be run by ONNX Runtime: {string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}", error);
        }
    }
}

/// <summary>Looks at one of several outputs.</summary>
/// <param name="index">The output's 0-based place among those wanted.</param>
/// <param name="values">Its elements, row-major; valid during the call.</param>
/// <param name="shape">Its shape.</param>
public delegate void OutputLook(int index, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);
