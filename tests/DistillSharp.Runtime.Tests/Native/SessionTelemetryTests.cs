using DistillSharp.Runtime.Native;
using DistillSharp.Tasks.Native;

namespace DistillSharp.Runtime.Tests.Native;

public class SessionTelemetryTests
{
    [Fact]
    public void It_is_off_in_the_environment_that_the_native_library_reads()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(SessionTelemetry.Variable) is { Length: > 0 }, "The variable is set by whoever runs the tests.");
        NativeOnnxRuntime.EnsureLoaded();
        Assert.Equal("1", NativeEnvironment.Get(SessionTelemetry.Variable));
        Assert.False(SessionTelemetry.IsEnabled);
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("", false, false)]
    [InlineData(null, true, true)]
    [InlineData(" ", true, true)]
    [InlineData("0", false, true)]
    [InlineData(" False ", false, true)]
    [InlineData("off", false, true)]
    [InlineData("1", true, false)]
    [InlineData("yes", true, false)]
    [InlineData("whatever", true, false)]
    public void The_users_variable_wins_over_the_program_and_the_program_over_the_default(string? variable, bool asked, bool on) => Assert.Equal(on, SessionTelemetry.Choose(variable, asked));

    [Fact]
    public void It_cannot_be_changed_once_the_library_has_started()
    {
        NativeOnnxRuntime.EnsureLoaded();
        bool settled = SessionTelemetry.IsEnabled;
        SessionTelemetry.IsEnabled = settled;
        var error = Assert.Throws<InvalidOperationException>(() => SessionTelemetry.IsEnabled = !settled);
        Assert.Contains("before the first model is opened", error.Message, StringComparison.Ordinal);
        Assert.Equal(settled, SessionTelemetry.IsEnabled);
    }
}
