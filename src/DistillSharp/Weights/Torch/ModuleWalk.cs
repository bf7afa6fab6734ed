using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>
/// Walks a saved <c>nn.Module</c> in PyTorch's order (a module's parameters, its buffers, then its children) to the names of its state dict.
/// The walk is bounded, since a pickle can share one module many times, or put it into itself.
/// </summary>
/// <param name="path">What messages call the file.</param>
internal sealed class ModuleWalk(string path)
{
    private const int MostModules = 100_000, Deepest = 64, LongestName = 1000;

    private readonly OrderedDictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private int _modules;

    /// <summary>The tensors of a module by name, in order.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">What messages call the file.</param>
    public static IReadOnlyDictionary<string, TorchTensor> Of(PickleObject module, string path)
    {
        var walk = new ModuleWalk(path);
        walk.Walk(module, "", 0);
        return walk._tensors;
    }

    private void Walk(PickleObject module, string prefix, int depth)
    {
        if (++_modules > MostModules || depth > Deepest || prefix.Length > LongestName)
        {
            throw new GraphException($"'{path}' cannot be read: its module '{Shown(prefix)}' is one of more than {MostModules}, or is nested more than {Deepest} deep, or its name is too long.");
        }

        var passing = module.Attribute("_non_persistent_buffers_set") is PickleList names ? names.Items.OfType<string>().ToHashSet(StringComparer.Ordinal) : [];
        Add(module, "_parameters", prefix, []);
        Add(module, "_buffers", prefix, passing);
        foreach (var (key, value) in Entries(module, "_modules"))
        {
            if (value is PickleObject child && key is string name)
            {
                Walk(child, $"{prefix}{name}.", depth + 1);
            }
            else if (value is not null)
            {
                throw new GraphException($"'{path}' cannot be read: '{Shown(prefix)}' holds something among its modules that is none.");
            }
        }
    }

    private void Add(PickleObject module, string kind, string prefix, HashSet<string> passing)
    {
        foreach (var (key, value) in Entries(module, kind))
        {
            switch (key, value)
            {
                case (string name, TorchTensor tensor) when !passing.Contains(name):
                    if (!_tensors.TryAdd(prefix + name, tensor))
                    {
                        throw new GraphException($"'{path}' cannot be read: '{Shown(prefix + name)}' is there twice.");
                    }

                    break;
                case (string, TorchTensor or null):
                    break;
                default:
                    throw new GraphException($"'{path}' cannot be read: '{Shown(prefix)}' holds something in its {kind} that is no tensor.");
            }
        }
    }

    private IReadOnlyList<KeyValuePair<object?, object?>> Entries(PickleObject module, string kind) => module.Attribute(kind) switch
    {
        PickleDict dict => dict.Items,
        null => [],
        _ => throw new GraphException($"'{path}' cannot be read: the {kind} of a '{module.Type.FullName}' are no dictionary."),
    };

    private static string Shown(string name) => name.Length == 0 ? "(the model)" : name.Length <= 120 ? name : name[..120] + "...";
}
