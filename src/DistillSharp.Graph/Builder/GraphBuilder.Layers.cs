namespace DistillSharp.Graph.Builder;

/// <content>Layers with weights.</content>
public sealed partial class GraphBuilder
{
    /// <summary>A 2-D convolution.</summary>
    /// <param name="path">The module's path; its weight is <c>path.weight</c>, <c>[out, in / groups, k, k]</c>.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Rows and columns of the filter.</param>
    /// <param name="stride">Rows and columns between positions.</param>
    /// <param name="padding">Rows and columns of zeros on every side.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="bias">Whether it has <c>path.bias</c>.</param>
    /// <param name="initialization">How the weight is drawn; null for PyTorch's default.</param>
    /// <param name="biasInitialization">How the bias is drawn; null for PyTorch's default, or 0 where the weight has another.</param>
    public string Conv(
        string path, string x, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false, Initialization? initialization = null, Initialization? biasInitialization = null)
    {
        int input = ChannelsOf(x) / groups;
        long fanIn = (long)input * kernel * kernel;
        List<string> inputs = [x, Weight($"{path}.weight", initialization ?? Initialization.TorchDefault(fanIn), channels, input, kernel, kernel)];
        if (bias)
        {
            inputs.Add(Weight($"{path}.bias", biasInitialization ?? (initialization is null ? Initialization.TorchDefault(fanIn) : Initialization.Constant(0)), channels));
        }

        return Node(
            "Conv",
            path,
            inputs,
            ("kernel_shape", new IntsValue([kernel, kernel])),
            ("strides", new IntsValue([stride, stride])),
            ("pads", new IntsValue([padding, padding, padding, padding])),
            ("dilations", new IntsValue([1, 1])),
            ("group", new IntValue(groups)));
    }

    /// <summary>Batch normalisation with PyTorch's defaults: epsilon 1e-5, momentum 0.1 (ONNX: 0.9).</summary>
    /// <param name="path">The module's path; <c>weight</c>, <c>bias</c>, <c>running_mean</c> and <c>running_var</c> lie under it.</param>
    /// <param name="x">The input, <c>[N, C, …]</c>.</param>
    public string BatchNorm(string path, string x) => BatchNorm(path, path, x, epsilon: 1e-5f, momentum: 0.9f);

    /// <summary>Batch normalisation whose output is the module's around it.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="path">The module's path; <c>weight</c>, <c>bias</c>, <c>running_mean</c> and <c>running_var</c> lie under it.</param>
    /// <param name="x">The input, <c>[N, C, …]</c>.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="momentum">The share of the old statistics that stays (ONNX; PyTorch's momentum is 1 minus this).</param>
    public string BatchNorm(string name, string path, string x, float epsilon, float momentum)
    {
        int channels = ChannelsOf(x);
        string[] inputs =
        [
            x,
            Weight($"{path}.weight", Initialization.Constant(1), channels),
            Weight($"{path}.bias", Initialization.Constant(0), channels),
            Statistic($"{path}.running_mean", 0, channels),
            Statistic($"{path}.running_var", 1, channels),
        ];
        return Node("BatchNormalization", name, inputs, ("epsilon", new FloatValue(epsilon)), ("momentum", new FloatValue(momentum)));
    }

    /// <summary>A fully connected layer.</summary>
    /// <param name="path">The module's path; its weight is <c>path.weight</c>, <c>[out, in]</c>.</param>
    /// <param name="x">The input, <c>[N, in]</c>.</param>
    /// <param name="features">Output features.</param>
    /// <param name="initialization">How the weight is drawn, the bias then being 0; null for PyTorch's default of both.</param>
    /// <param name="zeroBias">Whether the bias starts at 0 although the weight has PyTorch's default.</param>
    public string Linear(string path, string x, int features, Initialization? initialization = null, bool zeroBias = false)
    {
        int input = ChannelsOf(x);
        string[] inputs =
        [
            x,
            Weight($"{path}.weight", initialization ?? Initialization.TorchDefault(input), features, input),
            Weight($"{path}.bias", initialization is null && !zeroBias ? Initialization.TorchDefault(input) : Initialization.Constant(0), features),
        ];
        return Node("Gemm", path, inputs, ("transB", new IntValue(1)));
    }
}
