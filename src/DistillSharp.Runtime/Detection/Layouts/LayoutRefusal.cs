using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>Says that a model's answers could not be understood: what is wrong, what there is, what was looked for and what to do.</summary>
/// <param name="session">The model.</param>
/// <param name="read">The outputs that were read; of the others the file's word is taken.</param>
internal sealed class LayoutRefusal(ModelSession session, IReadOnlyList<OutputTensor> read)
{
    /// <summary>The exception.</summary>
    /// <param name="what">What is wrong, as a sentence.</param>
    public DataException Because(string what) => new(
        $"{what} The model's outputs are {string.Join(", ", session.OutputNames.Select(Describe))}. Looked for were boxes [N, places, 4] with scores [N, places, classes], or with scores and labels [N, places] each "
        + "(all without N where the answer is one picture's; with N, the places may be the last axis); or one output [N, 4 + classes, places], [N, places, 4 + classes] or [N, rows, 6]. "
        + "Say which output is which by the options Boxes, Scores and Labels, and all classes in their order by ClassNames.");

    private string Describe(string name)
    {
        if (read.FirstOrDefault(one => one.Name == name) is { } output)
        {
            return output.ToString();
        }

        var told = session.Native.OutputMetadata[name];
        return told.IsTensor ? $"'{name}' [{string.Join(", ", told.Dimensions.Select(size => size > 0 ? size.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?"))}] of {told.ElementDataType}" : $"'{name}', a {told.OnnxValueType}";
    }
}
