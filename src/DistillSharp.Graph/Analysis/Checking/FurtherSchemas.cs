namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Published operators that no part of this library works on: texts, sequences, optional values, signals, losses. A file with them is checked all the same.</summary>
internal static class FurtherSchemas
{
    /// <summary>The lines, in the form of <see cref="OperatorSchemas"/>.</summary>
    public const string Table =
        """
        AffineGrid@20 2 1 align_corners:i
        BlackmanWindow@17 1 1 output_datatype:i periodic:i
        CenterCropPad@18 2 1 axes:is
        Col2Im@18 3 1 dilations:is pads:is strides:is
        ConcatFromSequence@11 1 1 axis:i! new_axis:i
        DFT@17 1-2 1 axis:i inverse:i onesided:i
        DFT@20 1-3 1 inverse:i onesided:i
        DeformConv@19 3-5 1 dilations:is group:i kernel_shape:is offset_group:i pads:is strides:is
        HammingWindow@17 1 1 output_datatype:i periodic:i
        HannWindow@17 1 1 output_datatype:i periodic:i
        ImageDecoder@20 1 1 pixel_format:s
        MelWeightMatrix@17 5 1 output_datatype:i
        NegativeLogLikelihoodLoss@12 2-3 1 ignore_index:i reduction:s
        Optional@15 0-1 1 type:tp
        OptionalGetElement@15 1 1
        OptionalHasElement@15 1 1
        OptionalHasElement@18 0-1 1
        RegexFullMatch@20 1 1 pattern:s
        STFT@17 2-4 1 onesided:i
        Scan@8 1-* 1-* body:g! directions:is num_scan_inputs:i!
        SequenceAt@11 2 1
        SequenceConstruct@11 1-* 1
        SequenceEmpty@11 0 1 dtype:i
        SequenceErase@11 1-2 1
        SequenceInsert@11 2-3 1
        SequenceLength@11 1 1
        SequenceMap@17 1-* 1-* body:g!
        SoftmaxCrossEntropyLoss@12 2-3 1-2 ignore_index:i reduction:s
        SplitToSequence@11 1-2 1 axis:i keepdims:i
        StringConcat@20 2 1
        StringNormalizer@10 1 1 case_change_action:s is_case_sensitive:i locale:s stopwords:ss
        StringSplit@20 1 2 delimiter:s maxsplit:i
        TfIdfVectorizer@9 1 1 max_gram_length:i! max_skip_count:i! min_gram_length:i! mode:s! ngram_counts:is! ngram_indexes:is! pool_int64s:is pool_strings:ss weights:fs
        """;
}
