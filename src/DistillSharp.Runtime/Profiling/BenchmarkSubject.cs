using System.Diagnostics;
using DistillSharp.Graph;
using Microsoft.ML.OnnxRuntime;

namespace DistillSharp.Runtime.Profiling;

/// <summary>A model that is timed: its session, and inputs made once.</summary>
internal sealed class BenchmarkSubject : IDisposable
{
    private readonly ModelSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames, _outputNames;
    private readonly List<OrtValue> _inputs = [];

    private BenchmarkSubject(string path, ModelSession session, BenchmarkOptions options)
    {
        (Path, _session) = (path, session);
        _inputNames = [.. session.Native.InputNames];
        _outputNames = [.. session.Native.OutputNames];
        var shapes = _inputNames.Select(name => BenchmarkInput.Shape(session, name, options)).ToList();
        try
        {
            _inputs.AddRange(_inputNames.Zip(shapes, (name, shape) => BenchmarkInput.Create(session, name, shape)));
        }
        catch
        {
            DisposeValues();
            throw;
        }

        Batch = shapes[0].Length > 0 ? (int)shapes[0][0] : 1;
        Inputs = string.Join("; ", _inputNames.Zip(shapes, (name, shape) => $"{name} [{string.Join(", ", shape)}]"));
    }

    /// <summary>The model's file.</summary>
    public string Path { get; }

    /// <summary>Samples in one prediction.</summary>
    public int Batch { get; }

    /// <summary>The inputs and their shapes, in words.</summary>
    public string Inputs { get; }

    /// <summary>The threads within one operator.</summary>
    public int Threads => _session.Threads;

    /// <summary>The file's size in bytes.</summary>
    public long FileLength => _session.FileLength;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">Batch, picture size, threads.</param>
    /// <exception cref="GraphException">It cannot be run, or a size is not known; the message names the file.</exception>
    public static BenchmarkSubject Open(string path, BenchmarkOptions options)
    {
        var session = ModelSession.Open(path, new() { Threads = options.Threads });
        try
        {
            return new(path, session, options);
        }
        catch (GraphException error)
        {
            session.Dispose();
            throw new GraphException($"'{path}' cannot be timed: {error.Message}", error);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>One prediction.</summary>
    /// <returns>Its time in milliseconds.</returns>
    /// <exception cref="GraphException">ONNX Runtime refuses the inputs.</exception>
    public double Run()
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            using var results = _session.Native.Run(_run, _inputNames, _inputs, _outputNames);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        catch (OnnxRuntimeException error)
        {
            throw new GraphException($"'{Path}' cannot be timed: ONNX Runtime refuses {Inputs}: {error.Message.Trim()} Try another --batch or --imgsz.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeValues();
        _session.Dispose();
    }

    private void DisposeValues()
    {
        _inputs.ForEach(value => value.Dispose());
        _run.Dispose();
    }
}
