using System.Globalization;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;

namespace DistillSharp.Runs;

/// <summary>A teacher's file held against recipe and data: which pictures it wants, and what is to be said about it.</summary>
/// <param name="Input">The pictures it wants.</param>
/// <param name="Notes">What is taken for granted, or slower than need be, in sentences.</param>
internal sealed record FinishedTeacher(ImageInput Input, IReadOnlyList<string> Notes)
{
    /// <summary>What is to be said of a teacher's answers; null if they look like logits.</summary>
    public static string? Remark(Evaluation examined) =>
        examined.FromProbabilities ? "the teacher answers probabilities: their logarithms are taught, which are logits of the same"
        : Array.TrueForAll(examined.Logits, value => value is >= 0 and <= 1) ? "the teacher's answers all lie between 0 and 1 and do not sum to 1, so they are hardly logits: if it ends in a Sigmoid, cut that off with distill convert FILE --to VALUE --out FILE"
        : null;

    /// <summary>Settles what a teacher wants.</summary>
    /// <exception cref="DataException">It means other classes, or other pictures than the recipe says.</exception>
    public static FinishedTeacher Check(ModelSession session, TeacherSettings said, ImageDataset data)
    {
        if (DetectorRecognition.Recognises(session) || DetectorRecognition.Refusal(session) is not null)
        {
            throw new DataException(DetectorRecognition.Refusal(session) ?? "The teacher is a detector: it finds boxes, but the data has one class for each image. Use a classifier as the teacher.");
        }

        var order = TeacherCheck.RequireSameClasses(session.Card?.ClassNames, data.ClassNames);
        var declared = session.InputShape.Select(size => (long?)size).ToList();
        var input = PictureInput.Settle("teacher", declared, session.Card?.Input, data.Input, said.Input);

        // Its shape and its number of classes are refused here, before the pictures are.
        SessionTeacher.RequireFit(session, input, data.ClassNames.Count, said.Input.Any);
        var notes = new List<string>();
        if (order.Note is { } moved)
        {
            notes.Add(moved);
        }

        if (session.Card is null && (said.Mean is null || said.Std is null))
        {
            notes.Add($"the teacher carries no card: it is shown pictures with the data's mean {Numbers(input.Mean)} and deviation {Numbers(input.Deviation)}; say others with teacher.mean and teacher.std");
        }

        if (session.FixedBatchSize is { } size)
        {
            notes.Add($"the teacher's file is for batches of {size}, so it answers in pieces, which is slower; distill convert FILE --dynamic-batch --out FILE frees it");
        }

        return new(input, notes);
    }

    /// <summary>Refuses a teacher whose answers have another number of classes than the data, where its file did not tell.</summary>
    /// <exception cref="DataException">They differ.</exception>
    public static void RequireClasses(int found, ImageDataset data)
    {
        if (found != data.ClassNames.Count)
        {
            throw new DataException($"The teacher tells {found} classes apart, but the data has {data.ClassNames.Count}. Use a teacher trained on these classes.");
        }
    }

    private static string Numbers(IEnumerable<float> values) => string.Join('/', values.Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));
}
