namespace DistillSharp.Tasks.Data;

/// <summary>Work in numbered pieces, done ahead on other threads and handed over in order, in buffers that go round.</summary>
internal static class OrderedPrefetch
{
    /// <summary>The results, in order. A result is valid until the next one is taken.</summary>
    /// <param name="first">The first piece.</param>
    /// <param name="count">The number after the last one.</param>
    /// <param name="ahead">How many are worked on at once; 0 for the caller's own thread.</param>
    /// <param name="rent">Takes a buffer; at most <paramref name="ahead"/> + 1 are out at once.</param>
    /// <param name="give">Takes a buffer back.</param>
    /// <param name="fill">Does a piece of work in a buffer.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IEnumerable<TResult> Run<TBuffers, TResult>(
        int first, int count, int ahead, Func<TBuffers> rent, Action<TBuffers> give, Func<TBuffers, int, CancellationToken, TResult> fill, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffers = new Stack<TBuffers>(Enumerable.Range(0, ahead + 1).Select(_ => rent()));
        var all = buffers.ToArray();
        var running = new Queue<Task<(TResult Result, TBuffers Buffers)>>();
        int next = first;

        void Start(int wanted)
        {
            while (next < count && running.Count < wanted && buffers.TryPop(out var free))
            {
                int number = next++;
                running.Enqueue(ahead == 0
                    ? Task.FromResult((fill(free, number, stop.Token), free))
                    : Task.Run(() => (fill(free, number, stop.Token), free), CancellationToken.None));
            }
        }

        try
        {
            while (running.Count > 0 || next < count)
            {
                Start(Math.Max(1, ahead));
                var (result, used) = running.Dequeue().GetAwaiter().GetResult();

                // While the consumer has this one, the next ones are on their way.
                Start(ahead);
                yield return result;
                buffers.Push(used);
            }
        }
        finally
        {
            // Whoever stops early must not leave threads working behind.
            stop.Cancel();
            Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).GetAwaiter().GetResult();
            foreach (var buffer in all)
            {
                give(buffer);
            }
        }
    }
}
