using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DistillSharp.Tasks.Tests.Data.Download;

/// <summary>Answers requests on this machine alone, one connection at a time, exactly as a test says: also wrongly.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, long?, Reply> _answer;
    private readonly Task _serving;

    /// <summary>Starts it.</summary>
    /// <param name="answer">From the path and the first byte asked for to what is sent.</param>
    public LoopbackServer(Func<string, long?, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    /// <summary>The path and the first byte of each request so far.</summary>
    public ConcurrentQueue<(string Path, long? From)> Requests { get; } = [];

    public Uri this[string path] => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    /// <summary>Sends a file, from the first byte asked for.</summary>
    public static Reply File(byte[] bytes, long? from) => from is { } start
        ? new(206, bytes[(int)start..]) { Headers = $"Content-Range: bytes {start}-{bytes.Length - 1}/{bytes.Length}\r\n" }
        : new(200, bytes);

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait();
        _listener.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await Answer(client.GetStream());
            }
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync())!.Split(' ')[1].TrimStart('/');
        long? from = null;
        for (string? line = await reader.ReadLineAsync(); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync())
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        Requests.Enqueue((path, from));
        var reply = _answer(path, from);
        string head = $"HTTP/1.1 {reply.Status} {(HttpStatusCode)reply.Status}\r\nContent-Length: {reply.Body.Length}\r\nConnection: close\r\n{reply.Headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.CutAfter ?? reply.Body.Length));
        await stream.FlushAsync();
    }

    /// <summary>What is sent.</summary>
    internal sealed record Reply(int Status, byte[] Body)
    {
        public string Headers { get; init; } = "";

        /// <summary>After how many bytes of the body the connection ends; null for all.</summary>
        public int? CutAfter { get; init; }
    }
}
