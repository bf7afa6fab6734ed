using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Wire;

namespace DistillSharp.Cli.Tests;

/// <summary>Model files that nobody would write in good faith, or that a failed copy leaves. Each is the tiny model with one thing wrong.</summary>
internal static class HostileModel
{
    private const int Graph = 7, Nodes = 1, Weights = 5, Dims = 1, Raw = 9, NodeInputs = 1, External = 13, Location = 14;

    /// <summary>Writes the file of a kind as <c>bad.onnx</c>.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="kind">What is wrong.</param>
    public static string Save(TemporaryFolder folder, string kind)
    {
        byte[] whole = File.ReadAllBytes(TinyModel.Save(folder, "whole.onnx", side: 12));
        File.Delete(folder["whole.onnx"]);
        if (kind == "lying length")
        {
            // The graph's length is 2 GiB - 1, the file's a kilobyte.
            return folder.Write("bad.onnx", [0x08, 0x08, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. new byte[1016]]);
        }

        var message = WireMessage.Read(whole)!;
        var graph = message.In(Graph);
        var weight = graph.All(Weights).First().Inner!;
        switch (kind)
        {
            case "truncated":
                return folder.Write("bad.onnx", whole[..(whole.Length / 2)]);
            case "empty":
                return folder.Write("bad.onnx", Array.Empty<byte>());
            case "cycle":
                // The first node reads what the last one makes.
                var input = graph.All(Nodes).First().Inner!.All(NodeInputs).First();
                (input.Inner, input.Bytes) = (null, [.. "logits"u8]);
                break;
            case "wrong size":
                weight.Fields.RemoveAll(field => field.Number == Dims);
                weight.Fields.Add(new() { Number = Dims, Kind = 2, Bytes = [0x80, 0x80, 0x80, 0x80, 0x08, 0x90, 0x01] });
                break;
            case "outside" or "absent":
                string place = kind == "outside" ? "../../etc/passwd" : "weights.bin";
                weight.Fields.RemoveAll(field => field.Number == Raw);
                weight.Fields.Add(new() { Number = External, Kind = 2, Bytes = [0x0A, 8, .. "location"u8, 0x12, (byte)place.Length, .. System.Text.Encoding.UTF8.GetBytes(place)] });
                weight.Fields.Add(new() { Number = Location, Value = 1 });
                break;
            default:
                throw new ArgumentException($"There is no kind '{kind}'.", nameof(kind));
        }

        return folder.Write("bad.onnx", message.ToBytes());
    }
}
