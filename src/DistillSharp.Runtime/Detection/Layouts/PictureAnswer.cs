namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>What a detector answered for one picture, place by place, wherever its numbers lie.</summary>
internal readonly ref struct PictureAnswer
{
    /// <summary>The places there are.</summary>
    public required int Count { get; init; }

    /// <summary>The output with the boxes, and where they lie in it.</summary>
    public required ReadOnlySpan<float> Boxes { get; init; }

    /// <summary>Where four numbers of a box lie.</summary>
    public required Lattice BoxesAt { get; init; }

    /// <summary>The output with the scores, and where they lie in it.</summary>
    public required ReadOnlySpan<float> Scores { get; init; }

    /// <summary>Where the scores lie.</summary>
    public required Lattice ScoresAt { get; init; }

    /// <summary>Scores of a place: 1 where it has a label; otherwise one a class, and perhaps one for "no object" at the end.</summary>
    public required int Columns { get; init; }

    /// <summary>The scores of a place that are of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The output with the labels; empty where each class has a score.</summary>
    public ReadOnlySpan<float> Labels { get; init; }

    /// <summary>Where the labels lie.</summary>
    public Lattice LabelsAt { get; init; }

    /// <summary>Where a place's own score lies among the boxes, that each class's is multiplied by; null for none.</summary>
    public Lattice? ObjectnessAt { get; init; }

    /// <summary>Whether places have a label instead of a score of each class.</summary>
    public bool IsLabelled => LabelsAt != default;

    /// <summary>A number of a box.</summary>
    public float Box(int place, int number) => Boxes[BoxesAt.At(place, number)];

    /// <summary>A score.</summary>
    public float Score(int place, int column) => Scores[ScoresAt.At(place, column)];

    /// <summary>A place's class; -1 where it says none.</summary>
    public int Label(int place) => Labels[LabelsAt.At(place)] is >= 0 and < int.MaxValue and var label ? (int)label : -1;

    /// <summary>A place's own score; 1 where it has none.</summary>
    public float Objectness(int place) => ObjectnessAt is { } at ? Boxes[at.At(place)] : 1;
}
