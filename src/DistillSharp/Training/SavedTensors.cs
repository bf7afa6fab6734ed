using DistillSharp.Execution;
using DistillSharp.Graph;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>The tensors of a run's state, read back.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="tensors">Its tensors by name.</param>
internal sealed class SavedTensors(string path, IReadOnlyDictionary<string, TensorData> tensors)
{
    /// <summary>The names that begin with a prefix, without it.</summary>
    public IEnumerable<string> Under(string prefix) => tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    /// <summary>Copies a tensor into one that is there.</summary>
    /// <exception cref="GraphException">It is missing, or of another size; the message names the file.</exception>
    public void Copy(string name, Tensor target)
    {
        var data = Require(name, target);
        using var guard = no_grad();
        using var source = TensorConversion.ToTensor(data, target.dtype, target.device);
        using var shaped = source.reshape(target.shape);
        target.copy_(shaped);
    }

    /// <summary>A tensor of the size of another; the caller owns it.</summary>
    /// <exception cref="GraphException">It is missing, or of another size; the message names the file.</exception>
    public Tensor Like(string name, Tensor like) => TensorConversion.ToTensor(Require(name, like), like.dtype, like.device);

    /// <summary>A tensor as it is saved.</summary>
    public static TensorData ToData(Tensor tensor)
    {
        using var host = tensor.cpu();
        var type = tensor.dtype switch
        {
            ScalarType.Float64 => ElementType.Float64,
            ScalarType.Int64 => ElementType.Int64,
            _ => ElementType.Float32,
        };
        return TensorConversion.ToData(host, type, tensor.shape);
    }

    private TensorData Require(string name, Tensor like)
    {
        var data = tensors.GetValueOrDefault(name);
        return data is not null && data.Count == like.NumberOfElements ? data : throw new GraphException(
            $"'{path}' does not fit this model: '{name}' has {(data is null ? 0 : data.Count)} elements instead of {like.NumberOfElements}. Resume with the recipe the run was started with.");
    }
}
