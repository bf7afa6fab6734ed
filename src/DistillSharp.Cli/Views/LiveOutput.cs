using System.Text;

namespace DistillSharp.Cli.Views;

/// <summary>
/// While a live display is on the screen, takes the place of the program's output and error streams: a line that anybody writes, such as the answer to Ctrl-C, appears whole above the
/// display instead of in the middle of it.
/// </summary>
internal sealed class LiveOutput : TextWriter
{
    private readonly Action<string> _write;
    private readonly TextWriter _output = Console.Out, _errors = Console.Error;
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    /// <summary>Takes the streams over.</summary>
    /// <param name="write">Writes a line above the display.</param>
    /// <param name="takesOutput">Whether the output stream goes to that terminal too.</param>
    public LiveOutput(Action<string> write, bool takesOutput)
    {
        _write = write;
        Console.SetError(this);
        if (takesOutput)
        {
            Console.SetOut(this);
        }
    }

    public override Encoding Encoding => _output.Encoding;

    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value == '\n')
            {
                _write(_line.ToString());
                _line.Clear();
            }
            else if (value != '\r')
            {
                _line.Append(value);
            }
        }
    }

    /// <summary>Gives the streams back.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Console.SetOut(_output);
            Console.SetError(_errors);
            if (_line.Length > 0)
            {
                Write('\n');
            }
        }

        base.Dispose(disposing);
    }
}
