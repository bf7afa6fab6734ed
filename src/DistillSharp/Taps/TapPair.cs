namespace DistillSharp.Taps;

/// <summary>Which of the student's values is held against which of the teacher's.</summary>
/// <param name="Student">The student's value, or a pattern for it.</param>
/// <param name="Teacher">The teacher's value, or a pattern for it.</param>
public sealed record TapPair(string Student, string Teacher)
{
    /// <summary>Reads a pair as recipes write it: <c>layer2</c> for both models, <c>layer2=layer3</c> for student and teacher.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">A side is empty.</exception>
    public static TapPair Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int cut = text.IndexOf('=', StringComparison.Ordinal);
        string student = (cut < 0 ? text : text[..cut]).Trim(), teacher = (cut < 0 ? text : text[(cut + 1)..]).Trim();
        return student.Length > 0 && teacher.Length > 0 ? new(student, teacher)
            : throw new ArgumentException($"'{text}' is no pair of taps: write 'layer2' for both models, or 'layer2=layer3' for student and teacher.", nameof(text));
    }

    /// <inheritdoc/>
    public override string ToString() => Student == Teacher ? Student : $"{Student}={Teacher}";
}
