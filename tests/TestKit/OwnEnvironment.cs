using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace DistillSharp.TestKit;

/// <summary>
/// Takes the tester's data folder out of the process's environment before the first test: the library looks for data sets there, so that what lies in it would
/// decide what a test sees. <see cref="SharedFolder"/> keeps what was set.
/// </summary>
public sealed class OwnEnvironment : ITestPipelineStartup
{
    /// <inheritdoc/>
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        RuntimeHelpers.RunClassConstructor(typeof(SharedFolder).TypeHandle);
        Environment.SetEnvironmentVariable(SharedFolder.DataVariable, null);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
