using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Scatter, ScatterElements, ScatterND, each with its reductions. Of several updates of one place the last one stays.</summary>
internal static class Scatters
{
    [Operator("Scatter", "ScatterElements", Note = "of several updates of one place the last one stays where nothing reduces them")]
    public static Kernel Elements(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        string reduction = Reduction(node);
        int x = node.Input(0), indices = node.Input(1), updates = node.Input(2);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            var places = Indexing.Places(frame[indices], RuntimeShape.Axis(axis, value.dim()), value);
            Fits(frame[updates], places.shape);
            return Combine(value.reshape(-1, 1), places.reshape(-1), frame[updates].reshape(-1, 1), reduction).reshape(value.shape);
        });
    }

    [Operator("ScatterND", Note = "of several updates of one place the last one stays where nothing reduces them")]
    public static Kernel ScatterND(NodeContext node)
    {
        string reduction = Reduction(node);
        int x = node.Input(0), indices = node.Input(1), updates = node.Input(2);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            var tuples = frame[indices];
            long[] shape = value.shape;
            int depth = tuples.dim() == 0 || tuples.shape[^1] > shape.Length
                ? throw new ArgumentException($"index tuples [{string.Join(", ", tuples.shape)}] do not point into [{string.Join(", ", shape)}].")
                : (int)tuples.shape[^1];
            var rows = Indexing.Rows(tuples, shape[..depth], value);
            long width = RuntimeShape.Count(shape.AsSpan(depth));
            Fits(frame[updates], [.. rows.shape, .. shape[depth..]]);
            var flat = value.reshape(RuntimeShape.Count(shape.AsSpan(0, depth)), width);
            return Combine(flat, rows.reshape(-1), frame[updates].reshape(rows.numel(), width), reduction).reshape(shape);
        });
    }

    private static string Reduction(NodeContext node) => node.Node.Text("reduction", "none") switch
    {
        ("none" or "add" or "mul" or "max" or "min") and var known => known,
        var other => throw node.Refuse($"the reduction '{other}' is not known; none, add, mul, max and min are."),
    };

    private static void Fits(Tensor updates, long[] shape)
    {
        if (!updates.shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException($"updates [{string.Join(", ", updates.shape)}] do not fit; [{string.Join(", ", shape)}] do.");
        }
    }

    private static Tensor Combine(Tensor flat, Tensor rows, Tensor updates, string reduction)
    {
        if (rows.numel() == 0)
        {
            return flat;
        }

        if (reduction == "add")
        {
            return flat.index_add(0, rows, updates, Number.Of(1));
        }

        foreach (long[] turn in Turns(rows, lastOnly: reduction == "none"))
        {
            var places = torch.tensor(turn, device: rows.device);
            Tensor target = rows.index_select(0, places), update = updates.index_select(0, places), old = flat.index_select(0, target);
            flat = flat.index_copy(0, target, reduction switch
            {
                "none" => update,
                "mul" => old.mul(update),
                "max" => old.maximum(update),
                _ => old.minimum(update),
            });
        }

        return flat;
    }

    /// <summary>The updates in turns that name no row twice: the first of every row, the second of every row, …; or only the last of every row.</summary>
    private static List<long[]> Turns(Tensor rows, bool lastOnly)
    {
        using var host = rows.cpu();
        using var whole = host.contiguous();
        long[] targets = [.. whole.data<long>()];
        if (lastOnly)
        {
            var last = new Dictionary<long, long>();
            for (int i = 0; i < targets.Length; i++)
            {
                last[targets[i]] = i;
            }

            return [[.. last.Values.Order()]];
        }

        var met = new Dictionary<long, int>();
        var turns = new List<List<long>>();
        for (int i = 0; i < targets.Length; i++)
        {
            int turn = met.GetValueOrDefault(targets[i]);
            met[targets[i]] = turn + 1;
            if (turn == turns.Count)
            {
                turns.Add([]);
            }

            turns[turn].Add(i);
        }

        return turns.ConvertAll(turn => turn.ToArray());
    }
}
