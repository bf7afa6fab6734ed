namespace DistillSharp.Cli.Tests.Views;

/// <summary>Tests that replace the program's own streams run alone.</summary>
[CollectionDefinition(nameof(Console), DisableParallelization = true)]
public sealed class StreamsAlone;
