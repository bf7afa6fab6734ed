using System.Globalization;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Format;

public sealed class ExternalDataTests
{
    private static readonly byte[] s_elements = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];

    [Theory]
    [InlineData("weights.bin", null, null)]
    [InlineData("weights.bin", 16, 8)]
    [InlineData("parts/weights.bin", 3, null)]
    [InlineData("parts/../weights.bin", 1, 8)]
    public void Weights_beside_the_model_are_read_from_their_place(string location, int? offset, int? length)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["parts"]);
        folder.Write(location, [.. new byte[offset ?? 0], .. s_elements, .. new byte[5]]);

        var weight = OnnxFile.Load(Write(folder, location, offset, length)).FindInitializer("w");

        Assert.Equal([1f, 2f], weight!.Data.AsSpan<float>().ToArray());
        Assert.True(weight.Trainable);
    }

    [Fact]
    public void A_model_with_weights_beside_it_is_written_as_one_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", s_elements);
        var graph = OnnxFile.Load(Write(folder, "weights.bin"));
        File.Delete(folder["weights.bin"]);

        GraphAssert.Equal(graph, OnnxFile.Load(OnnxFile.Serialize(graph)));
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("parts/../../secret.bin")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("nul\0.bin")]
    public void A_path_out_of_the_models_folder_is_refused_by_name(string location)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret.bin", s_elements);
        Directory.CreateDirectory(folder["model"]);

        string message = Refusal(Write(folder, location, inside: "model"));

        Assert.Contains("'w'", message, StringComparison.Ordinal);
        Assert.Contains($"'{location}', which is not in the model's folder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_out_of_the_models_folder_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret.bin", s_elements);
        Directory.CreateDirectory(folder["model"]);
        File.CreateSymbolicLink(folder["model", "weights.bin"], folder["secret.bin"]);
        Directory.CreateSymbolicLink(folder["model", "parts"], folder.Path);

        foreach (string location in new[] { "weights.bin", "parts/secret.bin" })
        {
            string message = Refusal(Write(folder, location, inside: "model"));

            Assert.Contains("'w'", message, StringComparison.Ordinal);
            Assert.Contains($"'{location}', which is a link out of the model's folder", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_within_the_models_folder_and_one_to_it_are_followed()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Path.Combine("model", "store", "blob"), s_elements);
        File.CreateSymbolicLink(folder["model", "weights.bin"], Path.Combine("store", "blob"));
        Write(folder, "weights.bin", inside: "model");
        Directory.CreateSymbolicLink(folder["current"], folder["model"]);

        Assert.Equal([1f, 2f], OnnxFile.Load(folder["model", "model.onnx"]).FindInitializer("w")!.Data.AsSpan<float>().ToArray());
        Assert.Equal([1f, 2f], OnnxFile.Load(folder["current", "model.onnx"]).FindInitializer("w")!.Data.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Float16_weights_beside_the_model_keep_their_bits()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", [0x00, 0x3C, 0x01, 0x80]);
        var tensor = Tensor("weights.bin");
        tensor.DataType = (int)ElementType.Float16;

        var weight = OnnxFile.Load(Save(folder["model.onnx"], tensor)).FindInitializer("w")!;

        Assert.Equal((Half)1, weight.Data.AsSpan<Half>()[0]);
        Assert.Equal(-Half.Epsilon, weight.Data.AsSpan<Half>()[1]);
        Assert.True(weight.Trainable);
    }

    [Fact]
    public void A_folder_whose_name_begins_like_the_models_is_another_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Path.Combine("model-private", "secret.bin"), s_elements);
        Directory.CreateDirectory(folder["model"]);

        Assert.Contains("not in the model's folder", Refusal(Write(folder, "../model-private/secret.bin", inside: "model")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_absolute_path_is_refused_even_into_the_models_folder()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("weights.bin", s_elements);

        Assert.Contains("not in the model's folder", Refusal(Write(folder, path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 7, "needs 8 bytes at 0")]
    [InlineData(5, null, 12, "needs 8 bytes at 5")]
    [InlineData(-1, null, 12, "needs 8 bytes at -1")]
    [InlineData(0, 4, 12, "it claims 4")]
    [InlineData(0, 12, 12, "it claims 12")]
    public void A_file_too_short_for_its_weights_is_refused_with_the_numbers(int? offset, int? length, int size, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", new byte[size]);

        string message = Refusal(Write(folder, "weights.bin", offset, length));

        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains($"'weights.bin' (it claims {length ?? 8}), which has {size}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("'weights.bin', which is not beside the model", Refusal(Write(folder, "weights.bin")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_is_no_number_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", s_elements);
        var tensor = Tensor("weights.bin");
        tensor.ExternalData.Add(Entry("offset", "0x10"));

        Assert.Contains("external offset is '0x10'", Refusal(Save(folder["model.onnx"], tensor)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_told_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", s_elements);
        var tensor = Tensor("weights.bin");
        tensor.ExternalData.Add(Entry("location", "other.bin"));

        Assert.Contains("'w'", Refusal(Save(folder["model.onnx"], tensor)), StringComparison.Ordinal);
    }

    [Fact]
    public void From_memory_there_is_no_folder_to_look_in() =>
        Assert.Contains("load the model by its path", Create(Node("MatMul", ["x", "w"], "y")).With(Tensor("weights.bin")).Refusal(), StringComparison.Ordinal);

    private static string Refusal(string path) => Assert.Throws<GraphException>(() => OnnxFile.Load(path)).Message;

    private static string Write(TemporaryFolder folder, string location, int? offset = null, int? length = null, string inside = "")
    {
        var tensor = Tensor(location);
        if (offset is { } start)
        {
            tensor.ExternalData.Add(Entry("offset", start.ToString(CultureInfo.InvariantCulture)));
        }

        if (length is { } count)
        {
            tensor.ExternalData.Add(Entry("length", count.ToString(CultureInfo.InvariantCulture)));
        }

        return Save(folder[inside, "model.onnx"], tensor);
    }

    private static string Save(string path, TensorProto tensor)
    {
        File.WriteAllBytes(path, Create(Node("MatMul", ["x", "w"], "y")).With(tensor).ToByteArray());
        return path;
    }

    private static TensorProto Tensor(string location)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(2);
        tensor.ExternalData.Add(Entry("location", location));
        return tensor;
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
