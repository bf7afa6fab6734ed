using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace DistillSharp.Tasks.Data.Download;

/// <summary>
/// Fetches files whole or not at all: what arrives goes to <c>NAME.part</c>, a broken transfer is resumed there, the
/// checksum is compared, and only then the file gets its name.
/// </summary>
public static class Downloader
{
    private static readonly HttpClient s_client = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Fetches a file, unless it is there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">Where it goes; made if missing.</param>
    /// <param name="progress">Told the bytes received.</param>
    /// <param name="cancellation">Stops the transfer; what arrived is kept for the next try.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="DataException">The server cannot be reached, refuses, or sends something else.</exception>
    public static string Fetch(RemoteFile file, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        string path = Path.Combine(folder, file.Name), part = path + ".part";
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(folder);
        try
        {
            Transfer(file, part, progress, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new DataException($"'{file.Address}' could not be fetched: {error.Message}{(File.Exists(part) ? " Try again to go on where it stopped." : "")}", error);
        }

        string found = Checksum(part);
        if (found != file.Sha256)
        {
            File.Delete(part);
            throw new DataException($"'{file.Address}' sent something else: its SHA-256 is {found} instead of {file.Sha256}. Nothing was kept; fetch the file by hand, or try again.");
        }

        File.Move(part, path, overwrite: true);
        return path;
    }

    private static void Transfer(RemoteFile file, string part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var response = s_client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // Everything had arrived before; the checksum will tell.
            return;
        }

        response.EnsureSuccessStatusCode();

        // A server may ignore the range and begin again.
        bool resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        long received = resumed ? have : 0;
        long? total = response.Content.Headers.ContentLength + received;
        using var from = response.Content.ReadAsStream(cancellation);
        using var to = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write);
        byte[] buffer = new byte[1 << 16];
        for (int read = from.Read(buffer); read > 0; read = from.Read(buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            to.Write(buffer, 0, read);
            received += read;
            progress?.Report(new(file.Name, received, total));
        }

        to.Flush(flushToDisk: true);
        if (total is { } expected && received < expected)
        {
            throw new IOException($"the connection ended after {received:N0} of {expected:N0} bytes.");
        }
    }

    private static string Checksum(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
