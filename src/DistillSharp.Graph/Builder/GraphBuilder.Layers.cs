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
        string path, string x, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false, Initialization? initialization = null, Initialization? biasInitialization = null) =>
        Conv(path, x, channels, (kernel, kernel), stride, padding, groups, bias, initialization, biasInitialization);

    /// <summary>A 2-D convolution whose filter need not be square.</summary>
    /// <param name="path">The module's path; its weight is <c>path.weight</c>, <c>[out, in / groups, rows, columns]</c>.</param>
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
        string path, string x, int channels, (int Rows, int Columns) kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false, Initialization? initialization = null, Initialization? biasInitialization = null)
    {
        int input = ChannelsOf(x) / groups;
        long fanIn = (long)input * kernel.Rows * kernel.Columns;
        List<string> inputs = [x, Weight($"{path}.weight", initialization ?? Initialization.TorchDefault(fanIn), channels, input, kernel.Rows, kernel.Columns)];
        if (bias)
        {
            inputs.Add(Weight($"{path}.bias", biasInitialization ?? (initialization is null ? Initialization.TorchDefault(fanIn) : Initialization.Constant(0)), channels));
        }

        return Node(
            "Conv",
            path,
            inputs,
            ("kernel_shape", new IntsValue([kernel.Rows, kernel.Columns])),
            ("strides", new IntsValue([stride, stride])),
            ("pads", new IntsValue([padding, padding, padding, padding])),
            ("dilations", new IntsValue([1, 1])),
            ("group", new IntValue(groups)));
    }

    /// <summary>A 2-D transposed convolution with a bias, drawn by PyTorch's default.</summary>
    /// <param name="path">The module's path; its weight is <c>path.weight</c>, <c>[in, out, k, k]</c>.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Rows and columns of the filter.</param>
    /// <param name="stride">How many times as many rows and columns come out.</param>
    /// <param name="padding">Rows and columns taken off on every side.</param>
    public string ConvTranspose(string path, string x, int channels, int kernel, int stride, int padding)
    {
        var drawn = Initialization.TorchDefault((long)channels * kernel * kernel);
        return Node(
            "ConvTranspose",
            path,
            [x, Weight($"{path}.weight", drawn, ChannelsOf(x), channels, kernel, kernel), Weight($"{path}.bias", drawn, channels)],
            ("kernel_shape", new IntsValue([kernel, kernel])),
            ("strides", new IntsValue([stride, stride])),
            ("pads", new IntsValue([padding, padding, padding, padding])));
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

    /// <summary>Batch normalisation without a scale and a bias of its own (PyTorch: <c>affine=False</c>), with PyTorch's defaults.</summary>
    /// <param name="path">The module's path; <c>running_mean</c> and <c>running_var</c> lie under it.</param>
    /// <param name="x">The input, <c>[N, C, …]</c>.</param>
    public string BatchNormPlain(string path, string x)
    {
        int channels = ChannelsOf(x);
        float[] ones = new float[channels];
        Array.Fill(ones, 1);
        string[] inputs =
        [
            x,
            Constant($"{path}.one", TensorData.Create<float>(ones, channels)),
            Constant($"{path}.zero", Zeros([channels])),
            Statistic($"{path}.running_mean", 0, channels),
            Statistic($"{path}.running_var", 1, channels),
        ];
        return Node("BatchNormalization", path, inputs, ("epsilon", new FloatValue(1e-5f)), ("momentum", new FloatValue(0.9f)));
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
