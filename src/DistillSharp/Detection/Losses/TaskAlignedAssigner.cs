namespace DistillSharp.Detection.Losses;

/// <summary>
/// Gives true boxes to anchors by how well the anchors do already (TOOD, arXiv:2108.07755): of the anchors inside a true box, those with
/// the highest alignment score^alpha × overlap^beta are its own, at most top-k; one that several boxes claim goes to the box it overlaps
/// most of all boxes it lies in. An anchor's wanted score is its alignment, scaled so that the best one of a box has that box's best overlap.
/// </summary>
/// <remarks>
/// It works on plain numbers, in float64: no gradient passes here, and only anchors inside boxes are looked at. Of equal anchors the one
/// with the lower number is taken, of equal boxes the one that stands first; an anchor without any alignment is nobody's.
/// </remarks>
/// <param name="options">Top-k, alpha and beta.</param>
internal sealed class TaskAlignedAssigner(DetectionLossOptions options)
{
    private const double Epsilon = 1e-9;

    /// <summary>Assigns the anchors of a batch.</summary>
    /// <param name="grid">The anchors.</param>
    /// <param name="truth">The true boxes.</param>
    /// <param name="distances">What each anchor predicts, <c>[N, 4, A]</c>: cells from its centre to the left, upper, right and lower edge.</param>
    /// <param name="logits">The class logits of <see cref="TrueBoxes.ScoreRows"/>, <c>[R, A]</c>.</param>
    /// <returns>The assigned anchors, by picture and anchor.</returns>
    public IReadOnlyList<AnchorMatch> Assign(AnchorGrid grid, TrueBoxes truth, double[] distances, double[] logits)
    {
        // Pictures do not know of each other, so the order they are worked in changes nothing.
        var found = new List<AnchorMatch>[truth.ByPicture.Count];
        Parallel.For(0, found.Length, picture => found[picture] = truth.ByPicture[picture].Count == 0 ? [] : AssignPicture(new(grid, truth, distances, logits, picture), truth.ByPicture[picture]));
        return [.. found.SelectMany(matches => matches)];
    }

    private List<AnchorMatch> AssignPicture(Prediction prediction, IReadOnlyList<int> boxes)
    {
        var owners = new SortedDictionary<int, Claim>();
        var claims = new List<Claim>();
        foreach (int box in boxes)
        {
            claims.Clear();
            prediction.Visit(box, anchor => Add(claims, prediction, anchor, box));
            claims.Sort((a, b) => a.Alignment != b.Alignment ? b.Alignment.CompareTo(a.Alignment) : a.Anchor.CompareTo(b.Anchor));
            foreach (var claim in claims.Take(options.TopK))
            {
                owners[claim.Anchor] = owners.ContainsKey(claim.Anchor) ? Settle(prediction, claim.Anchor, boxes) : claim;
            }
        }

        return Score(prediction.Picture, owners.Values);
    }

    private void Add(List<Claim> claims, Prediction prediction, int anchor, int box)
    {
        var claim = Weigh(prediction, anchor, box);
        if (claim.Alignment > 0)
        {
            claims.Add(claim);
        }
    }

    private Claim Weigh(Prediction prediction, int anchor, int box)
    {
        double overlap = prediction.Overlap(anchor, box);
        return new(anchor, box, overlap, overlap > 0 ? Math.Pow(prediction.Score(anchor, box), options.Alpha) * Math.Pow(overlap, options.Beta) : 0);
    }

    /// <summary>Finds the box an anchor overlaps most, of all it lies in, whether that box claimed it or not.</summary>
    private Claim Settle(Prediction prediction, int anchor, IReadOnlyList<int> boxes)
    {
        Claim? best = null;
        foreach (int box in boxes)
        {
            if (prediction.Holds(anchor, box) && prediction.Overlap(anchor, box) > (best?.Overlap ?? -1))
            {
                best = Weigh(prediction, anchor, box);
            }
        }

        return best!.Value;
    }

    private static List<AnchorMatch> Score(int picture, IReadOnlyCollection<Claim> owners)
    {
        var best = new Dictionary<int, (double Alignment, double Overlap)>();
        foreach (var claim in owners)
        {
            var (alignment, overlap) = best.GetValueOrDefault(claim.Box);
            best[claim.Box] = (Math.Max(alignment, claim.Alignment), Math.Max(overlap, claim.Overlap));
        }

        return [.. owners.Select(claim => new AnchorMatch(picture, claim.Anchor, claim.Box, claim.Alignment * (best[claim.Box].Overlap / (best[claim.Box].Alignment + Epsilon))))];
    }

    private readonly record struct Claim(int Anchor, int Box, double Overlap, double Alignment);
}
