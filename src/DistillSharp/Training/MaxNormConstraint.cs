using DistillSharp.Execution;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Keeps the L2 norm of each unit's incoming weights below a bound (Hinton et al., arXiv:1207.0580, appendix A).</summary>
internal static class MaxNormConstraint
{
    /// <summary>Scales down every row (unit, filter) of every matrix whose norm is above the bound.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bound">The largest norm, above 0.</param>
    public static void Apply(FlatBuffer weights, double bound)
    {
        using var guard = no_grad();
        foreach (var parameter in weights.Parameters.Where(parameter => parameter is { Role: ParameterRole.Weight, Shape.Count: >= 2 }))
        {
            using var view = FlatBuffer.View(weights.Values, parameter);
            using var rows = view.view(parameter.Shape[0], -1);
            using var norms = rows.norm(1, keepdim: true, p: 2);
            using var largest = norms.max();
            if (largest.ToDouble() > bound)
            {
                using var safe = norms.Plus(Number.Of(1e-12));
                using var inverse = safe.reciprocal();
                using var scale = inverse.mul_(Number.Of(bound));
                using var clamped = scale.clamp(max: Number.Of(1.0));
                rows.mul_(clamped);
            }
        }
    }
}
