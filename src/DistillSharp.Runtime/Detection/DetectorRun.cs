using DistillSharp.Tasks.Detection;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Detection;

/// <summary>
/// Runs a detector on one picture of one size. The first answer tells the output's shape; from then on the input and the output stay in place, unless the file is of float16 or
/// the number of its boxes changes from picture to picture.
/// </summary>
internal sealed class DetectorRun : IDisposable
{
    private readonly ModelSession _session;
    private readonly string _output;
    private readonly long[] _shape;
    private readonly float[] _numbers;
    private BoundSession? _bound;
    private DetectionOutput _layout;

    /// <summary>Prepares the run.</summary>
    /// <param name="session">The model.</param>
    /// <param name="height">The input's rows.</param>
    /// <param name="width">The input's columns.</param>
    public DetectorRun(ModelSession session, int height, int width)
    {
        (_session, _output) = (session, DetectorOutput.NameOf(session));

        // A file for several pictures at once looks at one and at nothing.
        _shape = [session.FixedBatchSize ?? 1, 3, height, width];
        _numbers = new float[checked((int)_shape[0] * 3 * height * width)];
    }

    /// <summary>The picture's numbers, filled before <see cref="Answer"/>; further pictures of a fixed batch stay 0.</summary>
    public Span<float> Input => _bound is { } bound ? bound.Input : _numbers;

    /// <summary>Runs the model.</summary>
    /// <param name="output">The layout of the first picture's answer.</param>
    /// <returns>The answer; the first picture's comes first.</returns>
    public ReadOnlySpan<float> Answer(out DetectionOutput output)
    {
        if (_bound is { } bound)
        {
            output = _layout;
            return bound.Run();
        }

        var (values, shape) = _session.Run(_numbers, _shape, _output);
        output = _layout = DetectorOutput.Layout(_session, shape, (int)_shape[0], ((int)_shape[2], (int)_shape[3]), classCount: null);
        DetectorOutput.RequireDecoded(_session, values, _layout, ((int)_shape[2], (int)_shape[3]));
        if (CanStay())
        {
            _bound = new(_session.Native, _session.InputName, _shape, _output, shape);
        }

        return values;
    }

    public void Dispose() => _bound?.Dispose();

    private bool CanStay()
    {
        var input = _session.Native.InputMetadata[_session.InputName];
        var output = _session.Native.OutputMetadata[_output];
        return input.ElementDataType == TensorElementType.Float && output.ElementDataType == TensorElementType.Float
            && (_layout.Form != DetectionForm.Finished || BoundSession.DeclaredShape(_session.Native, _session.InputName, _shape, _output) is not null);
    }
}
