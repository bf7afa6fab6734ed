using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Tests;

/// <summary>The process's memory is everybody's: these tests run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemory
{
    public const string Name = "process memory";
}

/// <summary>What sessions leave behind on the native heap.</summary>
[Collection(ProcessMemory.Name)]
public sealed class SessionMemoryTests
{
    [Fact]
    public void A_refused_model_leaves_nothing_native_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc, from which the memory of the process is read, is absent: run this test on Linux.");
        var graph = SmallModel.Graph(SmallModel.Card);
        graph.Metadata["distillsharp.names"] = "[";
        graph.Add(new("ballast", TensorData.Create<float>(new float[1 << 20], 1 << 20), trainable: false));
        graph.Nodes.Insert(0, new("Identity", ["ballast"], ["kept"], "keeps"));
        graph.Outputs.Add(new("kept", ElementType.Float32, [1 << 20]));
        byte[] file = OnnxFile.Serialize(graph);
        void Refuse() => Assert.Throws<DataException>(() => ModelSession.Open(file, new() { Threads = 1 }));
        for (int i = 0; i < 5; i++)
        {
            Refuse();
        }

        long before = Resident();
        for (int i = 0; i < 40; i++)
        {
            Refuse();
        }

        // A session holds 4 MB of weights: forty of them would be 160.
        Assert.InRange(Resident() - before, long.MinValue, 60L << 20);

        static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
