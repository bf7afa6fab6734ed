using DistillSharp.Graph;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime;

/// <summary>
/// A session with one shape's input and output bound to memory that stays in place: after the first, a prediction allocates nothing managed. Made by
/// <see cref="ModelSession.Bind"/>; for one thread at a time; disposed before its session.
/// </summary>
public sealed class BoundSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputValue, _outputValue;
    private readonly float[] _input, _output;

    internal BoundSession(InferenceSession session, string inputName, long[] inputShape, string outputName, long[] outputShape)
    {
        _session = session;
        OutputShape = outputShape;
        _input = new float[Count(inputShape)];
        _output = new float[Count(outputShape)];
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, inputShape);
        _outputValue = OrtValue.CreateTensorValueFromMemory(_output, outputShape);
        _binding = session.CreateIoBinding();
        try
        {
            _binding.BindInput(inputName, _inputValue);
            _binding.BindOutput(outputName, _outputValue);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The input's elements, row-major: filled before <see cref="Run"/>.</summary>
    public Span<float> Input => _input;

    /// <summary>The output's elements, row-major: what the last <see cref="Run"/> computed.</summary>
    public ReadOnlySpan<float> Output => _output;

    /// <summary>The output's shape.</summary>
    public IReadOnlyList<long> OutputShape { get; }

    /// <summary>Runs the model on <see cref="Input"/>.</summary>
    /// <returns><see cref="Output"/>.</returns>
    /// <exception cref="GraphException">The input or output does not fit the model.</exception>
    public ReadOnlySpan<float> Run()
    {
        try
        {
            _session.RunWithBinding(_run, _binding);
            return _output;
        }
        catch (OnnxRuntimeException error)
        {
            throw new GraphException($"The model cannot be run by ONNX Runtime: {error.Message.Trim()}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _run.Dispose();
    }

    /// <summary>The output's shape as far as the file says it: fixed sizes, and names that the input shares; null where it does not.</summary>
    internal static long[]? DeclaredShape(InferenceSession session, string inputName, long[] inputShape, string outputName)
    {
        var input = session.InputMetadata[inputName];
        var output = session.OutputMetadata[outputName];
        if (output.ElementDataType != TensorElementType.Float)
        {
            throw new GraphException($"The output '{outputName}' holds {output.ElementDataType}; only float32 outputs can be bound.");
        }

        long[] shape = new long[output.Dimensions.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            string name = output.SymbolicDimensions[axis];
            int same = name.Length > 0 ? Array.IndexOf(input.SymbolicDimensions, name) : -1;
            shape[axis] = output.Dimensions[axis] > 0 ? output.Dimensions[axis] : same >= 0 && same < inputShape.Length ? inputShape[same] : 0;
        }

        // A shape the file does not declare at all has no axes either.
        return shape.Length > 0 && Array.IndexOf(shape, 0) < 0 ? shape : null;
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => checked(product * size));
}
