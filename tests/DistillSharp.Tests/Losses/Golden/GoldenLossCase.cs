using System.Text.Json;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>One case of a loss with its reference values: inputs, hyper-parameters, loss and gradients.</summary>
internal sealed class GoldenLossCase
{
    private GoldenLossCase(string file, JsonElement entry)
    {
        File = Path.GetFileName(file);
        Entry = entry;
        Arrays = NpzFile.Read(file);
    }

    public string File { get; }

    public string Method => File.Split("__")[0];

    /// <summary>The case as <c>index.json</c> describes it.</summary>
    public JsonElement Entry { get; }

    public IReadOnlyDictionary<string, NpyArray> Arrays { get; }

    /// <summary>What the tensors are made in.</summary>
    public ScalarType Type { get; set; } = ScalarType.Float64;

    /// <summary>The student's inputs that were made, by the name of the array: the reference has a gradient for each.</summary>
    public Dictionary<string, Tensor> Leaves { get; } = new(StringComparer.Ordinal);

    /// <summary>Every file of the folder, by its name.</summary>
    public static IReadOnlyList<string> Files => [.. GoldenFiles.Of("losses", "*.npz").Select(path => Path.GetFileName(path))];

    public static GoldenLossCase Load(string file)
    {
        string folder = SharedFolder.Golden("losses");
        using var index = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(folder, "index.json")));
        var entry = index.RootElement.GetProperty("cases").EnumerateArray().First(one => one.GetProperty("file").GetString() == file).Clone();
        return new(Path.Combine(folder, file), entry);
    }

    public bool Has(string array) => Arrays.ContainsKey(array);

    /// <summary>Whether a hyper-parameter is given and not null.</summary>
    public bool Says(string name) => Entry.GetProperty("hyper").TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public double Number(string name, double otherwise) => Says(name) ? Entry.GetProperty("hyper").GetProperty(name).GetDouble() : otherwise;

    public string Text(string name, string otherwise) => Says(name) ? Entry.GetProperty("hyper").GetProperty(name).GetString()! : otherwise;

    public bool Flag(string name, bool otherwise) => Says(name) ? Entry.GetProperty("hyper").GetProperty(name).GetBoolean() : otherwise;

    public JsonElement Hyper(string name) => Entry.GetProperty("hyper").GetProperty(name);

    /// <summary>An array of the case in the precision of the run, without gradient.</summary>
    public Tensor Tensor(string array)
    {
        var data = Arrays[array];
        using var all = torch.tensor(data.Values.ToArray(), [.. data.Shape]);
        return all.to(Type, copy: true);
    }

    /// <summary>An input of the student: a leaf, whose gradient is compared.</summary>
    public Tensor Student(string array)
    {
        if (!Leaves.TryGetValue(array, out var leaf))
        {
            Leaves.Add(array, leaf = Tensor(array).requires_grad_());
        }

        return leaf;
    }

    /// <summary>Whole numbers of the case.</summary>
    public Tensor Integers(string array)
    {
        var data = Arrays[array];
        return torch.tensor([.. data.Values.Select(value => (long)value)], [.. data.Shape], ScalarType.Int64);
    }

    /// <summary>The student's inputs <c>student_NAME_0</c>, <c>student_NAME_1</c>, …</summary>
    public IReadOnlyList<Tensor> StudentList(string name) => [.. Numbered($"student_{name}").Select(Student)];

    /// <summary>The teacher's inputs <c>teacher_NAME_0</c>, <c>teacher_NAME_1</c>, …</summary>
    public IReadOnlyList<Tensor> TeacherList(string name) => [.. Numbered($"teacher_{name}").Select(Tensor)];

    /// <summary>The arrays whose names are a prefix, an underscore and 0, 1, …</summary>
    public IReadOnlyList<string> Numbered(string prefix)
    {
        var names = new List<string>();
        while (Has($"{prefix}_{names.Count}"))
        {
            names.Add($"{prefix}_{names.Count}");
        }

        return names;
    }
}
