using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>A detector with the student's head as a teacher: it gives features, raw maps, and boxes decoded from these.</summary>
internal sealed class HeadTeacher : DetectionTeacher
{
    /// <summary>The logit of a probability that is none.</summary>
    private const double Never = -30;

    private readonly ModelSession _session;
    private readonly DetectionHead _head;
    private readonly DetectionQuestion _question;
    private readonly PixelTable _table;
    private readonly string[] _wanted;
    private readonly Tensor? _order;
    private readonly bool _lacks;
    private readonly MapDecoder _decoder;
    private float[] _numbers = [];

    /// <summary>Takes the teacher; it owns the session.</summary>
    /// <param name="session">The model, with what is asked for among its outputs.</param>
    /// <param name="head">Its head.</param>
    /// <param name="classes">What its classes are in the data; a class of the data that has none is never found.</param>
    /// <param name="question">What it is asked for.</param>
    /// <param name="suppression">Which boxes count.</param>
    /// <param name="input">How pictures are normalised for it; null for what its card says.</param>
    public HeadTeacher(ModelSession session, DetectionHead head, ClassMapping classes, DetectionQuestion question, NonMaxSuppressionOptions suppression, ImageInput? input = null)
    {
        (_session, _head, _question) = (session, head, question);
        _table = new(input ?? session.Card?.Input);
        _wanted = [.. WantedOf(head, question)];
        _decoder = new(head.Strides, head.Bins, suppression);
        int sides = 4 * head.Bins;
        _lacks = classes.FromData.Contains(-1);
        _order = classes.IsIdentity ? null : tensor([.. Enumerable.Range(0, sides).Select(i => (long)i), .. classes.FromData.Select(own => (long)(sides + (own < 0 ? head.Classes : own)))]);
    }

    /// <summary>The values that a session must have among its outputs.</summary>
    public static IReadOnlyList<string> WantedOf(DetectionHead head, DetectionQuestion question) =>
        [.. question.Taps.Concat(question.Maps || question.Boxes ? head.Maps : []).Distinct(StringComparer.Ordinal)];

    public override DetectionAnswers Teach(DetectionBatch batch)
    {
        var (height, width) = batch.Size;
        int length = batch.Count * 3 * height * width;
        if (_numbers.Length < length)
        {
            _numbers = new float[length];
        }

        int picture = 3 * height * width;
        Parallel.For(0, batch.Count, i => _table.Write(batch.Pixels.Span.Slice(i * picture, picture), _numbers.AsSpan(i * picture, picture), height * width));
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        _session.Run(_numbers.AsMemory(0, length), [batch.Count, 3, height, width], _wanted, (index, span, shape) => values[_wanted[index]] = TensorConversion.FromFloats(span, shape, ScalarType.Float32, CPU));
        var named = new NamedTensors(values);
        if (!_question.Maps && !_question.Boxes)
        {
            return new(named);
        }

        using var guard = no_grad();
        Tensor[] maps = [.. _head.Maps.Select(map => _order is null ? values[map].alias() : Ordered(values[map], _order))];
        return new(named) { Maps = maps, Boxes = _question.Boxes ? _decoder.Decode(maps) : [] };
    }

    /// <summary>The map with the data's classes; one that the teacher does not know is never there.</summary>
    private Tensor Ordered(Tensor map, Tensor order)
    {
        if (!_lacks)
        {
            return map.index_select(1, order);
        }

        using var none = full_like(map.narrow(1, 0, 1), Number.Of(Never));
        using var with = cat([map, none], 1);
        return with.index_select(1, order);
    }

    public override void Dispose()
    {
        _order?.Dispose();
        _session.Dispose();
    }
}
