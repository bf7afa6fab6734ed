using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Which element types operators take at their inputs, as onnx.ai publishes them; where a later operator set takes more, the more counts.</summary>
/// <remarks>
/// A line is an operator and a letter for each input: <c>F</c> floats, <c>N</c> numbers, <c>Z</c> integers, <c>I</c> Int32 or Int64, <c>L</c> Int64, <c>O</c> Bool, <c>A</c> any;
/// an asterisk repeats the last one. A set behind an @ says from when on the line counts.
/// </remarks>
internal static class TypeConstraints
{
    private const string Table =
        """
        Relu F|Relu@14 N|LeakyRelu F|Elu F|Selu F|Celu F|ThresholdedRelu F|HardSigmoid F|HardSwish F|Sigmoid F|Tanh F|Softplus F|Softsign F|Mish F|Gelu F|PRelu NN|Shrink N
        Abs N|Neg N|Sign N|Erf N|Exp F|Log F|Sqrt F|Reciprocal F|Floor F|Ceil F|Round F|Sin F|Cos F|Tan F|Asin F|Acos F|Atan F|Sinh F|Cosh F|Asinh F|Acosh F|Atanh F|IsNaN F|IsInf F
        Softmax F|LogSoftmax F|Hardmax F|Conv FFF|ConvTranspose FFF|AveragePool F|MaxPool N|LpPool F|GlobalAveragePool F|GlobalMaxPool F|GlobalLpPool F
        BatchNormalization FFFFF|InstanceNormalization FFF|LayerNormalization FFF|GroupNormalization FFF|LRN F|LpNormalization F|MeanVarianceNormalization F|Dropout F|Dropout@12 FFO
        MatMul NN|Gemm NNN|Einsum N*|Add NN|Sub NN|Mul NN|Div NN|Pow NN|Mod NN|Min N*|Max N*|Sum F*|Mean F*|Clip NNN|And OO|Or OO|Xor OO|Not O|Greater NN|Less NN|GreaterOrEqual NN|LessOrEqual NN
        BitwiseAnd ZZ|BitwiseOr ZZ|BitwiseXor ZZ|BitwiseNot Z|BitShift ZZ|Where OAA|Compress AO|If O|Loop LOA*
        Reshape AL|Squeeze AL|Unsqueeze AL|Expand AL|Tile AL|Slice AIIII|Gather AI|GatherElements AI|GatherND AL|ScatterND ALA|ScatterElements AIA|Pad ALAI|Split AL|Trilu AL
        Resize@11 AFFL|Upsample AF|ConstantOfShape L|Range NNN|OneHot NNA|TopK NL|CumSum NI|ArgMax N|ArgMin N|ReduceMean NL|ReduceSum NL|ReduceProd NL|ReduceL1 NL|ReduceL2 NL
        ReduceLogSum NL|ReduceLogSumExp NL|ReduceSumSquare NL|RoiAlign FFL|NonMaxSuppression FFLFF|GridSample AF
        QuantizeLinear NNZ|DequantizeLinear ZFZ|DynamicQuantizeLinear F|MatMulInteger ZZZZ|ConvInteger ZZZZ|QLinearConv ZFZZFZFZZ|QLinearMatMul ZFZZFZFZ
        """;

    private static readonly Dictionary<string, (int Since, string Letters)[]> s_lines = Table.Split(['\n', '|'], StringSplitOptions.TrimEntries).Select(line => line.Split(' '))
        .Select(parts => (Name: parts[0].Split('@'), Letters: parts[1])).GroupBy(line => line.Name[0], StringComparer.Ordinal)
        .ToDictionary(lines => lines.Key, lines => lines.Select(line => (Since: line.Name.Length == 1 ? OnnxFile.LowestOpset : int.Parse(line.Name[1], System.Globalization.CultureInfo.InvariantCulture), line.Letters)).ToArray(), StringComparer.Ordinal);

    /// <summary>Holds a node's inputs against the types that its operator takes; what is not known fits.</summary>
    public static void Check(ModelGraph graph, GraphNode node, List<GraphProblem> problems)
    {
        if (node.Domain.Length > 0 || !s_lines.TryGetValue(node.Operation, out var lines) || lines.LastOrDefault(line => line.Since <= graph.Opset).Letters is not { } letters)
        {
            return;
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            char letter = i < letters.Length && letters[i] != '*' ? letters[i] : letters[^1] == '*' ? letters[^2] : 'A';
            var type = ShapeInference.Find(graph, node.InputOrNull(i))?.Type ?? ElementType.Undefined;
            if (type != ElementType.Undefined && !Fits(letter, type))
            {
                problems.Error($"{node} reads '{node.Inputs[i]}', which is {type}, as its input {i}; {node.Operation} takes {Words(letter)} there in operator set {graph.Opset}.");
            }
        }
    }

    private static bool Fits(char letter, ElementType type) => letter switch
    {
        'F' => type.IsFloat(),
        'N' => type.IsFloat() || type.IsInteger(),
        'Z' => type.IsInteger() || !Enum.IsDefined(type),
        'I' => type is ElementType.Int32 or ElementType.Int64,
        'L' => type == ElementType.Int64,
        'O' => type == ElementType.Bool,
        _ => true,
    };

    private static string Words(char letter) => letter switch { 'F' => "floats", 'N' => "numbers", 'Z' => "integers", 'I' => "Int32 or Int64", 'L' => "Int64", _ => "Bool" };
}
