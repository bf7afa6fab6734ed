using System.Globalization;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Teachers;

/// <summary>Refuses a teacher that knows nothing: a mis-loaded one teaches happily and harms.</summary>
public static class TeacherCheck
{
    /// <summary>The share right that a teacher must exceed to be better than chance: chance and three standard deviations of it.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="samples">The number of samples scored.</param>
    /// <returns>A share, 0 to 1.</returns>
    public static double ChanceBound(int classes, int samples) => ChanceBound(1.0 / classes, samples);

    /// <summary>The share right that a model must exceed to be better than guessing: that of guessing and three standard deviations of it.</summary>
    /// <param name="chance">The share that guessing gets right, 0 to 1.</param>
    /// <param name="samples">The number of samples scored.</param>
    /// <returns>A share, 0 to 1 and above where the samples are few.</returns>
    internal static double ChanceBound(double chance, int samples) => chance + (3 * Math.Sqrt(chance * (1 - chance) / samples));

    /// <summary>Checks that a teacher tells the data's classes apart; their order may be another one.</summary>
    /// <param name="teacher">The class names on the teacher's card; null where it has none, which is accepted.</param>
    /// <param name="data">The data's class names.</param>
    /// <returns>Which of the teacher's classes is which of the data's.</returns>
    /// <exception cref="DataException">They differ in a name; the message lists where.</exception>
    public static ClassOrder RequireSameClasses(IReadOnlyList<string>? teacher, IReadOnlyList<string> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClassOrder.Same(teacher, data, "the teacher") ?? throw new DataException(
            teacher!.Count != data.Count
                ? $"The teacher tells {teacher.Count} classes apart, but the data has {data.Count}. Use a teacher trained on these classes."
                : $"The teacher's card names other classes than the data: {ClassOrder.Differences(teacher, data)}. Every soft label would teach the wrong class. "
                    + "Use a teacher trained on these classes, or write the data's names into its card with distill convert FILE --names FILE --out FILE.");
    }

    /// <summary>Checks a teacher's score.</summary>
    /// <param name="top1">The share right on held-out samples, 0 to 1.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="samples">The number of samples scored.</param>
    /// <param name="floor">The least share that was asked for.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Complaint(double top1, int classes, int samples, double floor)
    {
        double bound = ChanceBound(classes, samples);
        string scored = string.Create(CultureInfo.InvariantCulture, $"The teacher gets {top1:P2} of {samples:N0} held-out samples right");
        return top1 <= bound
            ? string.Create(CultureInfo.InvariantCulture, $"{scored}, which is chance for {classes} classes (up to {bound:P2}). Are its weights, its classes' order and its normalisation the data's?")
            : top1 < floor
                ? string.Create(CultureInfo.InvariantCulture, $"{scored}, below the floor of {floor:P2} (teacher.floor).")
                : null;
    }
}

/// <summary>The teacher was refused.</summary>
/// <param name="complaint">What is wrong with it.</param>
public sealed class WeakTeacherException(string complaint)
    : Exception($"{complaint} It was refused before any student was trained; set teacher.allow-weak to distil from it all the same.");
