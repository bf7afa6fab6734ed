using DistillSharp.Graph;
using DistillSharp.Losses;

namespace DistillSharp.Taps;

/// <summary>Proposes pairs of taps from both graphs: same stage, same stride.</summary>
internal static class TapProposal
{
    /// <summary>The pairs for a kind of feature.</summary>
    /// <exception cref="GraphException">The graphs have no such pairs; the message lists what each has.</exception>
    public static IReadOnlyList<TapPair> Of(FeatureKind kind, TapModel student, TapModel teacher)
    {
        switch (kind)
        {
            case FeatureKind.Embedding:
                return [new(student.Stages.Embedding, teacher.Stages.Embedding)];
            case FeatureKind.LastMap:
                return [Maps(student, teacher)[^1]];
            case FeatureKind.MiddleMap:
                var maps = Maps(student, teacher);
                return [maps[(maps.Count - 1) / 2]];
            case FeatureKind.Maps:
                return Maps(student, teacher);
            case FeatureKind.MapsAndEmbedding:
                return [.. Maps(student, teacher), new(student.Stages.Embedding, teacher.Stages.Embedding)];
            case FeatureKind.PreActivations:
                return [.. Maps(student, teacher).Select(pair => new TapPair(student.Stages.BeforeActivation(pair.Student), teacher.Stages.BeforeActivation(pair.Teacher)))];
            default:
                throw new GraphException($"No pairs are proposed for {RecipeWord(kind)}: name them with 'taps', student=teacher.");
        }
    }

    private static IReadOnlyList<TapPair> Maps(TapModel student, TapModel teacher)
    {
        var pairs = new List<TapPair>();
        foreach (var map in student.Maps)
        {
            double stride = (double)student.Stages.InputHeight / map.Height;
            if (teacher.Maps.LastOrDefault(other => Math.Abs(((double)teacher.Stages.InputHeight / other.Height) - stride) < 0.01 * stride) is { } same)
            {
                pairs.Add(new(map.Value, same.Value));
            }
        }

        return pairs.Count > 0 ? pairs : throw new GraphException(
            $"Student and teacher have no stages of the same stride: the student's maps are {List(student)}, the teacher's {List(teacher)}. Name the pairs with 'taps', student=teacher.");
    }

    private static string List(TapModel model) => model.Maps.Count == 0 ? "none" : string.Join(", ", model.Maps.Select(map => $"{map.Value} [{map.Channels}, {map.Height}, {map.Width}]"));

    private static string RecipeWord(FeatureKind kind) => kind switch
    {
        FeatureKind.Tokens => "hidden states",
        FeatureKind.Attention => "attention scores",
        FeatureKind.AttentionAndTokens => "attention scores and hidden states",
        FeatureKind.QueryKeyValue => "queries, keys and values",
        _ => "features",
    };
}
