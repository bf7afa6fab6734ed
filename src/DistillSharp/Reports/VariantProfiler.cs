using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Reports;

/// <summary>Measures speed and memory of a run's models, all in one window of time and at the same batch. What cannot be measured costs the report its figures only.</summary>
/// <param name="command">The program that measures in processes of its own; null to time in this process.</param>
/// <param name="threads">Threads, 0 for one a core.</param>
/// <param name="log">Told what was not measured, and why.</param>
internal sealed class VariantProfiler(IReadOnlyList<string>? command, int threads, IProgress<string>? log)
{
    /// <summary>Measures the models.</summary>
    /// <param name="stages">The models, of one repeat.</param>
    /// <param name="progress">Told what share is done, 0 to 1.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <returns>The profiles by the name of the variant; variants of one graph share theirs.</returns>
    public IReadOnlyDictionary<string, ModelProfile> Measure(IEnumerable<StageResult> stages, IProgress<double>? progress, CancellationToken cancellation)
    {
        var plan = ProfilePlan.Of([.. stages.Select(stage => (stage.Name, stage.Path))]);
        foreach (var (name, reason) in plan.LeftOut)
        {
            log?.Report($"the {name} was not profiled: {reason}");
        }

        var profiles = new Dictionary<string, ModelProfile>(StringComparer.Ordinal);
        foreach (var (subject, (profile, error)) in plan.Subjects.Zip(Probed(plan, progress, cancellation)))
        {
            foreach (string name in subject.Names)
            {
                if (profile is not null)
                {
                    profiles.Add(name, profile);
                }

                if (error is not null)
                {
                    log?.Report($"the {name} was not profiled{(profile is null ? "" : " in full")}: {error}");
                }
            }
        }

        return profiles;
    }

    private IReadOnlyList<ProbedModel> Probed(ProfilePlan plan, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (command is null)
        {
            return InThisProcess(plan, progress, cancellation);
        }

        try
        {
            return ProbeProcess.Run(command, plan, threads, progress, cancellation);
        }
        catch (InvalidOperationException error)
        {
            return [.. plan.Subjects.Select(_ => new ProbedModel(null, error.Message))];
        }
    }

    private List<ProbedModel> InThisProcess(ProfilePlan plan, IProgress<double>? progress, CancellationToken cancellation)
    {
        var sessions = new List<ModelSession?>();
        var errors = new List<string?>();
        try
        {
            foreach (var subject in plan.Subjects)
            {
                var (session, error) = LatencyProbe.Open(subject.Path, threads, plan.LatencyBatch, plan.Batch);
                sessions.Add(session);
                errors.Add(error);
            }

            var profiles = new Queue<ModelProfile>(LatencyProbe.Measure([.. sessions.OfType<ModelSession>()], plan.LatencyBatch, plan.Batch, progress, cancellation));
            return [.. sessions.Zip(errors, (session, error) => new ProbedModel(session is null ? null : profiles.Dequeue(), error))];
        }
        finally
        {
            sessions.ForEach(session => session?.Dispose());
        }
    }
}
