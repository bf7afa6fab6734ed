using System.Reflection;
using DistillSharp;
using DistillSharp.Graph;
using DistillSharp.Runtime;
using DistillSharp.Tasks;

namespace Architecture.Tests;

/// <summary>The assemblies under test.</summary>
internal static class Libraries
{
    public static IReadOnlyList<Assembly> All { get; } = [typeof(ModelGraph).Assembly, typeof(ModelCard).Assembly, typeof(ModelSession).Assembly, typeof(Distiller).Assembly];

    public static IReadOnlyList<Assembly> AllWithTool { get; } = [.. All, typeof(DistillSharp.Cli.CommandLine).Assembly];

    /// <summary>Every type that a person wrote: no generated or compiler-made ones.</summary>
    public static IEnumerable<Type> Written(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.Name.Contains('<', StringComparison.Ordinal) && type.Namespace?.StartsWith("DistillSharp", StringComparison.Ordinal) == true
            && !Attribute.IsDefined(type, typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)));
}
