namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The operators of ONNX's own domain as onnx.ai publishes them, operator sets 7 to 21: counts of inputs and outputs, and attributes.</summary>
/// <remarks>A line is <c>Name@since inputs outputs attribute:kind</c>; an exclamation mark says that the attribute is required.</remarks>
internal static class OperatorSchemas
{
    private const string Table =
        """
        Abs@6 1 1
        Acos@7 1 1
        Acosh@9 1 1
        Add@7 2 1
        And@7 2 1
        ArgMax@1 1 1 axis:i keepdims:i
        ArgMax@12 1 1 axis:i keepdims:i select_last_index:i
        ArgMin@1 1 1 axis:i keepdims:i
        ArgMin@12 1 1 axis:i keepdims:i select_last_index:i
        Asin@7 1 1
        Asinh@9 1 1
        Atan@7 1 1
        Atanh@9 1 1
        AveragePool@7 1 1 auto_pad:s count_include_pad:i kernel_shape:is! pads:is strides:is
        AveragePool@10 1 1 auto_pad:s ceil_mode:i count_include_pad:i kernel_shape:is! pads:is strides:is
        AveragePool@19 1 1 auto_pad:s ceil_mode:i count_include_pad:i dilations:is kernel_shape:is! pads:is strides:is
        BatchNormalization@7 5 1-5 epsilon:f momentum:f spatial:i
        BatchNormalization@9 5 1-5 epsilon:f momentum:f
        BatchNormalization@14 5 1-3 epsilon:f momentum:f training_mode:i
        Bernoulli@15 1 1 dtype:i seed:f
        BitShift@11 2 1 direction:s!
        BitwiseAnd@18 2 1
        BitwiseNot@18 1 1
        BitwiseOr@18 2 1
        BitwiseXor@18 2 1
        Cast@6 1 1 to:i!
        Cast@19 1 1 saturate:i to:i!
        CastLike@15 2 1
        CastLike@19 2 1 saturate:i
        Ceil@6 1 1
        Celu@12 1 1 alpha:f
        Clip@6 1 1 max:f min:f
        Clip@11 1-3 1
        Compress@9 2 1 axis:i
        Concat@4 1-* 1 axis:i!
        Constant@1 0 1 value:t!
        Constant@11 0 1 sparse_value:t value:t
        Constant@12 0 1 sparse_value:t value:t value_float:f value_floats:fs value_int:i value_ints:is value_string:s value_strings:ss
        ConstantOfShape@9 1 1 value:t
        Conv@1 2-3 1 auto_pad:s dilations:is group:i kernel_shape:is pads:is strides:is
        ConvInteger@10 2-4 1 auto_pad:s dilations:is group:i kernel_shape:is pads:is strides:is
        ConvTranspose@1 2-3 1 auto_pad:s dilations:is group:i kernel_shape:is output_padding:is output_shape:is pads:is strides:is
        Cos@7 1 1
        Cosh@9 1 1
        CumSum@11 2 1 exclusive:i reverse:i
        DepthToSpace@1 1 1 blocksize:i!
        DepthToSpace@11 1 1 blocksize:i! mode:s
        DequantizeLinear@10 2-3 1
        DequantizeLinear@13 2-3 1 axis:i
        DequantizeLinear@21 2-3 1 axis:i block_size:i
        Det@11 1 1
        Div@7 2 1
        Dropout@7 1 1-2 ratio:f
        Dropout@12 1-3 1-2 seed:i
        DynamicQuantizeLinear@11 1 3
        Einsum@12 1-* 1 equation:s!
        Elu@6 1 1 alpha:f
        Equal@7 2 1
        Erf@9 1 1
        Exp@6 1 1
        Expand@8 2 1
        EyeLike@9 1 1 dtype:i k:i
        Flatten@1 1 1 axis:i
        Floor@6 1 1
        GRU@7 3-6 0-2 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i linear_before_reset:i
        GRU@14 3-6 0-2 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i layout:i linear_before_reset:i
        Gather@1 2 1 axis:i
        GatherElements@11 2 1 axis:i
        GatherND@11 2 1
        GatherND@12 2 1 batch_dims:i
        Gelu@20 1 1 approximate:s
        Gemm@7 3 1 alpha:f beta:f transA:i transB:i
        Gemm@11 2-3 1 alpha:f beta:f transA:i transB:i
        GlobalAveragePool@1 1 1
        GlobalLpPool@2 1 1 p:i
        GlobalMaxPool@1 1 1
        Greater@7 2 1
        GreaterOrEqual@12 2 1
        GridSample@16 2 1 align_corners:i mode:s padding_mode:s
        GroupNormalization@18 3 1 epsilon:f num_groups:i!
        GroupNormalization@21 3 1 epsilon:f num_groups:i! stash_type:i
        HardSigmoid@6 1 1 alpha:f beta:f
        HardSwish@14 1 1
        Hardmax@1 1 1 axis:i
        Identity@1 1 1
        If@1 1 1-* else_branch:g! then_branch:g!
        InstanceNormalization@6 3 1 epsilon:f
        IsInf@10 1 1 detect_negative:i detect_positive:i
        IsNaN@9 1 1
        LRN@1 1 1 alpha:f beta:f bias:f size:i!
        LSTM@7 3-8 0-3 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i input_forget:i
        LSTM@14 3-8 0-3 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i input_forget:i layout:i
        LayerNormalization@17 2-3 1-3 axis:i epsilon:f stash_type:i
        LeakyRelu@6 1 1 alpha:f
        Less@7 2 1
        LessOrEqual@12 2 1
        Log@6 1 1
        LogSoftmax@1 1 1 axis:i
        Loop@1 2-* 1-* body:g!
        LpNormalization@1 1 1 axis:i p:i
        LpPool@2 1 1 auto_pad:s kernel_shape:is! p:i pads:is strides:is
        LpPool@18 1 1 auto_pad:s ceil_mode:i dilations:is kernel_shape:is! p:i pads:is strides:is
        MatMul@1 2 1
        MatMulInteger@10 2-4 1
        Max@6 1-* 1
        MaxPool@1 1 1 auto_pad:s kernel_shape:is! pads:is strides:is
        MaxPool@8 1 1-2 auto_pad:s kernel_shape:is! pads:is storage_order:i strides:is
        MaxPool@10 1 1-2 auto_pad:s ceil_mode:i dilations:is kernel_shape:is! pads:is storage_order:i strides:is
        MaxRoiPool@1 2 1 pooled_shape:is! spatial_scale:f
        MaxUnpool@9 2-3 1 kernel_shape:is! pads:is strides:is
        Mean@6 1-* 1
        MeanVarianceNormalization@9 1 1 axes:is
        Min@6 1-* 1
        Mish@18 1 1
        Mod@10 2 1 fmod:i
        Mul@7 2 1
        Multinomial@7 1 1 dtype:i sample_size:i seed:f
        Neg@6 1 1
        NonMaxSuppression@10 2-5 1 center_point_box:i
        NonZero@9 1 1
        Not@1 1 1
        OneHot@9 3 1 axis:i
        Or@7 2 1
        PRelu@7 2 1
        Pad@2 1 1 mode:s pads:is! value:f
        Pad@11 2-3 1 mode:s
        Pad@18 2-4 1 mode:s
        Pow@7 2 1
        QLinearConv@10 8-9 1 auto_pad:s dilations:is group:i kernel_shape:is pads:is strides:is
        QLinearMatMul@10 8 1
        QuantizeLinear@10 2-3 1
        QuantizeLinear@13 2-3 1 axis:i
        QuantizeLinear@19 2-3 1 axis:i saturate:i
        QuantizeLinear@21 2-3 1 axis:i block_size:i output_dtype:i saturate:i
        RNN@7 3-6 0-2 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i
        RNN@14 3-6 0-2 activation_alpha:fs activation_beta:fs activations:ss clip:f direction:s hidden_size:i layout:i
        RandomNormal@1 0 1 dtype:i mean:f scale:f seed:f shape:is!
        RandomNormalLike@1 1 1 dtype:i mean:f scale:f seed:f
        RandomUniform@1 0 1 dtype:i high:f low:f seed:f shape:is!
        RandomUniformLike@1 1 1 dtype:i high:f low:f seed:f
        Range@11 3 1
        Reciprocal@6 1 1
        ReduceL1@1 1 1 axes:is keepdims:i
        ReduceL1@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceL2@1 1 1 axes:is keepdims:i
        ReduceL2@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceLogSum@1 1 1 axes:is keepdims:i
        ReduceLogSum@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceLogSumExp@1 1 1 axes:is keepdims:i
        ReduceLogSumExp@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceMax@1 1 1 axes:is keepdims:i
        ReduceMax@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceMean@1 1 1 axes:is keepdims:i
        ReduceMean@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceMin@1 1 1 axes:is keepdims:i
        ReduceMin@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceProd@1 1 1 axes:is keepdims:i
        ReduceProd@18 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceSum@1 1 1 axes:is keepdims:i
        ReduceSum@13 1-2 1 keepdims:i noop_with_empty_axes:i
        ReduceSumSquare@1 1 1 axes:is keepdims:i
        ReduceSumSquare@18 1-2 1 keepdims:i noop_with_empty_axes:i
        Relu@6 1 1
        Reshape@5 2 1
        Reshape@14 2 1 allowzero:i
        Resize@10 2 1 mode:s
        Resize@11 3-4 1 coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s nearest_mode:s
        Resize@13 1-4 1 coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s nearest_mode:s
        Resize@18 1-4 1 antialias:i axes:is coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f keep_aspect_ratio_policy:s mode:s nearest_mode:s
        ReverseSequence@10 2 1 batch_axis:i time_axis:i
        RoiAlign@10 3 1 mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f
        RoiAlign@16 3 1 coordinate_transformation_mode:s mode:s output_height:i output_width:i sampling_ratio:i spatial_scale:f
        Round@11 1 1
        Scan@9 1-* 1-* body:g! num_scan_inputs:i! scan_input_axes:is scan_input_directions:is scan_output_axes:is scan_output_directions:is
        Scatter@9 3 1 axis:i
        ScatterElements@11 3 1 axis:i
        ScatterElements@16 3 1 axis:i reduction:s
        ScatterND@11 3 1
        ScatterND@16 3 1 reduction:s
        Selu@6 1 1 alpha:f gamma:f
        Shape@1 1 1
        Shape@15 1 1 end:i start:i
        Shrink@9 1 1 bias:f lambd:f
        Sigmoid@6 1 1
        Sign@9 1 1
        Sin@7 1 1
        Sinh@9 1 1
        Size@1 1 1
        Slice@1 1 1 axes:is ends:is! starts:is!
        Slice@10 3-5 1
        Softmax@1 1 1 axis:i
        Softplus@1 1 1
        Softsign@1 1 1
        SpaceToDepth@1 1 1 blocksize:i!
        Split@2 1 1-* axis:i split:is
        Split@13 1-2 1-* axis:i
        Split@18 1-2 1-* axis:i num_outputs:i
        Sqrt@6 1 1
        Squeeze@1 1 1 axes:is
        Squeeze@13 1-2 1
        Sub@7 2 1
        Sum@6 1-* 1
        Tan@7 1 1
        Tanh@6 1 1
        ThresholdedRelu@10 1 1 alpha:f
        Tile@6 2 1
        TopK@1 1 2 axis:i k:i!
        TopK@10 2 2 axis:i
        TopK@11 2 2 axis:i largest:i sorted:i
        Transpose@1 1 1 perm:is
        Trilu@14 1-2 1 upper:i
        Unique@11 1 1-4 axis:i sorted:i
        Unsqueeze@1 1 1 axes:is!
        Unsqueeze@13 2 1
        Upsample@7 1 1 mode:s scales:fs!
        Upsample@9 2 1 mode:s
        Where@9 3 1
        Xor@7 2 1
        """;

    /// <summary>Operators that were taken back, and the operator set that did so.</summary>
    private static readonly Dictionary<string, int> s_withdrawn = new(StringComparer.Ordinal) { ["Upsample"] = 10, ["Scatter"] = 11 };

    private static readonly Dictionary<string, OperatorSchema[]> s_schemas = Table.Split('\n').Concat(FurtherSchemas.Table.Split('\n')).Select(OperatorSchema.Parse).GroupBy(schema => schema.Operation, StringComparer.Ordinal)
        .ToDictionary(versions => versions.Key, versions => versions.OrderBy(version => version.Since).ToArray(), StringComparer.Ordinal);

    /// <summary>Every version of every operator.</summary>
    public static IEnumerable<OperatorSchema> All => s_schemas.Values.SelectMany(versions => versions);

    /// <summary>The operators' names.</summary>
    public static IReadOnlyCollection<string> Names => s_schemas.Keys;

    /// <summary>All versions of an operator, oldest first; empty if it is not known here.</summary>
    public static IReadOnlyList<OperatorSchema> Versions(string operation) => s_schemas.TryGetValue(operation, out var versions) ? versions : [];

    /// <summary>The version that an operator set holds, or null.</summary>
    public static OperatorSchema? Find(string operation, int opset) => Versions(operation).LastOrDefault(version => version.Since <= opset);

    /// <summary>The operator set that took the operator back, if it is not above the one given.</summary>
    public static int? Withdrawn(string operation, int opset) => s_withdrawn.TryGetValue(operation, out int since) && since <= opset ? since : null;

    /// <summary>Whether a node has at least the inputs and outputs that its operator cannot do without; true for operators that are not known here.</summary>
    public static bool HasWhatItNeeds(GraphNode node, int opset) =>
        node.Outputs.Count > 0 && (node.Domain.Length > 0 || Find(node.Operation, opset) is not { } schema || (node.Inputs.Count >= schema.Inputs.Least && node.Inputs.Take(schema.Inputs.Least).All(name => name.Length > 0)));
}
