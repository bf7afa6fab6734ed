namespace DistillSharp.Weights.Pickle;

/// <summary>The name of a class or function, as text. Nothing is looked up by it.</summary>
/// <param name="module">The module: <c>torch.nn.modules.conv</c>.</param>
/// <param name="name">The name in it: <c>Conv2d</c>.</param>
internal sealed class PickleGlobal(string module, string name)
{
    public string Module { get; } = module;

    public string Name { get; } = name;

    public string FullName => $"{Module}.{Name}";
}
