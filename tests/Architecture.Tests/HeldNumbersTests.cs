using DistillSharp;
using Mono.Cecil;
using TorchSharp;

namespace Architecture.Tests;

/// <summary>
/// TorchSharp hands libtorch numbers as <see cref="Scalar"/>s with a finaliser, and nothing holds one that it makes itself: the collector may free it while libtorch reads it. A training run of hours
/// then fails once ("Unknown scalar type", "Expected false to be true"), or computes with another number.
/// </summary>
public sealed class HeldNumbersTests
{
    [Fact]
    public void No_call_into_TorchSharp_makes_a_number_that_nothing_holds()
    {
        using var torch = AssemblyDefinition.ReadAssembly(typeof(Scalar).Assembly.Location);
        var makers = Makers(torch.MainModule);
        Assert.Contains(makers, name => name.EndsWith("Tensor::add_(TorchSharp.torch/Tensor)", StringComparison.Ordinal));
        Assert.Contains(makers, name => name.EndsWith("Tensor::square()", StringComparison.Ordinal));

        using var ours = AssemblyDefinition.ReadAssembly(typeof(Distiller).Assembly.Location);
        string[] calls = [.. from method in Methods(ours.MainModule) from name in Called(method) where makers.Contains(name) select $"{method.DeclaringType.FullName}.{method.Name}: {name}"];
        Assert.True(calls.Length == 0, $"Use Number, Sums, Norms or Softplus instead of:\n{string.Join('\n', calls)}");
    }

    /// <summary>TorchSharp's methods that turn a plain number into a <see cref="Scalar"/>, and those that call one of them.</summary>
    private static HashSet<string> Makers(ModuleDefinition torch)
    {
        var calls = Methods(torch).Where(method => method.DeclaringType.FullName is not "TorchSharp.Scalar" and not "TorchSharp.ScalarExtensionMethods").ToLookup(method => method.FullName, Called);
        var makers = calls.Where(one => one.Any(names => names.Any(name => name.StartsWith("TorchSharp.Scalar TorchSharp.Scalar", StringComparison.Ordinal)))).Select(one => one.Key).ToHashSet();
        for (int before = 0; before < makers.Count;)
        {
            before = makers.Count;
            makers.UnionWith(calls.Where(one => one.Any(names => names.Any(makers.Contains))).Select(one => one.Key).ToList());
        }

        makers.UnionWith(torch.GetType("TorchSharp.Scalar").Methods.Where(method => method.Name == "op_Implicit").Select(method => method.FullName));
        return makers;
    }

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) => module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static string[] Called(MethodDefinition method) => [.. method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().Select(name => name.GetElementMethod().FullName)];
}
