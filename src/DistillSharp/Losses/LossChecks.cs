namespace DistillSharp.Losses;

/// <summary>Holds what a loss is given against what it declared.</summary>
internal static class LossChecks
{
    /// <summary>Refuses a batch that lacks something.</summary>
    public static void Require(DistillationLoss loss, LossInputs inputs)
    {
        const LossInput Known = LossInput.TeacherClassifier | LossInput.TeacherNorms;
        var missing = loss.Needs.Inputs & ~Known & ~inputs.Given();
        if (missing != LossInput.None)
        {
            throw new ArgumentException($"{loss.GetType().Name} needs {Words(missing)}, which the batch does not give.", nameof(inputs));
        }

        if (inputs is { HasLabels: true, HasStudentLogits: true } && !LossShapes.HasOnePerRow(inputs.StudentLogits, inputs.Labels))
        {
            throw new ArgumentException($"{loss.GetType().Name} needs a label for each row of logits, but the student's logits are {LossShapes.Text(inputs.StudentLogits.shape)} and the labels {LossShapes.Text(inputs.Labels.shape)}.", nameof(inputs));
        }
    }

    /// <summary>Refuses shapes that cannot be compared.</summary>
    public static void Require(DistillationLoss loss, LossShapes shapes)
    {
        var needs = loss.Needs;
        string name = loss.GetType().Name;
        if (needs.Asks(LossInput.Logits) && (shapes.StudentLogits is null || shapes.TeacherLogits is null || shapes.StudentLogits.Count < 2 || !shapes.StudentLogits.SequenceEqual(shapes.TeacherLogits)))
        {
            throw new ArgumentException(
                $"{name} compares logits of one shape [N, C], but the student gave {LossShapes.Text(shapes.StudentLogits)} and the teacher {LossShapes.Text(shapes.TeacherLogits)}. Give both models the same classes.");
        }

        if (needs.Asks(LossInput.Features))
        {
            RequireFeatures(name, needs, shapes.StudentFeatures, shapes.TeacherFeatures);
        }
    }

    /// <summary>Refuses logits of one class, where a loss shares something among the others.</summary>
    public static void RequireTwoClasses(DistillationLoss loss, LossShapes shapes, string does)
    {
        if (shapes.StudentLogits is not { Count: >= 2 } logits || logits[^1] < 2)
        {
            throw new ArgumentException($"{loss.GetType().Name} {does}, but the student's logits are {LossShapes.Text(shapes.StudentLogits)}. Give logits [N, C] of 2 classes or more.");
        }
    }

    /// <summary>A seed for a draw: a function of seed, step and draw, so that a resumed run draws what the uninterrupted one drew.</summary>
    public static long SeedOf(long seed, long step, int draw) => unchecked((((seed * 1_000_003) + step) * 31) + draw + 7) & long.MaxValue;

    /// <summary>Inputs in words.</summary>
    public static string Words(LossInput missing)
    {
        var words = new List<string>();
        foreach (var (input, text) in s_words)
        {
            if ((missing & input) != 0)
            {
                words.Add(text);
            }
        }

        return string.Join(", ", words);
    }

    private static void RequireFeatures(string name, LossNeeds needs, IReadOnlyList<IReadOnlyList<long>> student, IReadOnlyList<IReadOnlyList<long>> teacher)
    {
        if ((!needs.Unpaired && student.Count != teacher.Count) || student.Count < needs.LeastFeatures || student.Count > needs.MostFeatures)
        {
            string wanted = needs.LeastFeatures == needs.MostFeatures ? $"{needs.LeastFeatures}" : needs.MostFeatures == int.MaxValue ? $"{needs.LeastFeatures} or more" : $"{needs.LeastFeatures} to {needs.MostFeatures}";
            throw new ArgumentException($"{name} compares {wanted} feature{(wanted == "1" ? "" : "s")} of each model, but the student gave {student.Count} and the teacher {teacher.Count}.");
        }

        for (int i = 0; i < Math.Min(student.Count, teacher.Count); i++)
        {
            RequirePair(name, needs, i, student[i], teacher[i]);
        }
    }

    private static void RequirePair(string name, LossNeeds needs, int index, IReadOnlyList<long> student, IReadOnlyList<long> teacher)
    {
        bool vectors = needs.Vectors && student.Count == 2 && teacher.Count == 2;
        int? rank = needs.AnyRank || vectors ? null : RankOf(needs.Features);
        string pair = $"{name} cannot compare pair {index}: the student's feature is {LossShapes.Text(student)}, the teacher's {LossShapes.Text(teacher)}";
        if (student.Count < 2 || teacher.Count < 2 || (rank is { } wanted && (student.Count != wanted || teacher.Count != wanted)))
        {
            throw new ArgumentException($"{pair}; it compares {Describe(needs.Features)}{(needs.Vectors ? ", or vectors [N, D] of both" : "")}.");
        }

        if (student[0] != teacher[0])
        {
            throw new ArgumentException($"{pair}; their batches differ.");
        }

        int width = needs.Features is FeatureKind.Tokens or FeatureKind.QueryKeyValue ? student.Count - 1 : 1;
        if (needs.EqualWidths && student.Count == teacher.Count && student[width] != teacher[width])
        {
            throw new ArgumentException($"{pair}; it needs equal widths ({student[width]} and {teacher[width]}). Tap values that are equally wide, or take a loss with an adapter.");
        }

        if (needs.EqualSizes && student.Count == 4 && teacher.Count == 4 && (student[2] != teacher[2] || student[3] != teacher[3]))
        {
            throw new ArgumentException($"{pair}; their rows and columns ({student[2]}x{student[3]} and {teacher[2]}x{teacher[3]}) cannot meet. Tap values of the same stride.");
        }

        if (needs.Features is FeatureKind.Tokens or FeatureKind.QueryKeyValue && student.Count == 3 && student[1] != teacher[1])
        {
            throw new ArgumentException($"{pair}; their numbers of tokens ({student[1]} and {teacher[1]}) differ.");
        }
    }

    private static int? RankOf(FeatureKind kind) => kind switch
    {
        FeatureKind.Maps or FeatureKind.MiddleMap or FeatureKind.LastMap or FeatureKind.PreActivations or FeatureKind.Attention => 4,
        FeatureKind.QueryKeyValue => 3,
        _ => null,
    };

    private static string Describe(FeatureKind kind) => kind switch
    {
        FeatureKind.Embedding => "embeddings [N, D]",
        FeatureKind.Tokens or FeatureKind.QueryKeyValue => "hidden states [N, L, D]",
        FeatureKind.Attention => "attention scores [N, heads, L, L]",
        _ => "maps [N, C, H, W]",
    };

    private static readonly (LossInput Input, string Text)[] s_words =
    [
        (LossInput.StudentLogits, "the student's logits"),
        (LossInput.TeacherLogits, "the teacher's logits"),
        (LossInput.Labels, "labels"),
        (LossInput.Features, "features of both models"),
        (LossInput.Mask, "a mask of tokens"),
        (LossInput.Indices, "the samples' positions in the training data"),
        (LossInput.RowWeights, "weights of the rows"),
        (LossInput.Boxes, "boxes"),
        (LossInput.TeacherScores, "the teacher's class logits of every cell"),
        (LossInput.StrongView, "logits for a strongly augmented view"),
        (LossInput.StudentMaps, "the student's raw maps"),
        (LossInput.TeacherBoxes, "the teacher's boxes"),
    ];
}
