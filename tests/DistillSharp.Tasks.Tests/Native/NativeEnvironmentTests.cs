using DistillSharp.Tasks.Native;

namespace DistillSharp.Tasks.Tests.Native;

public class NativeEnvironmentTests
{
    [Fact]
    public void Native_libraries_see_a_value_that_is_set_here()
    {
        string name = $"DISTILLSHARP_TEST_{Guid.NewGuid():N}";
        Assert.Null(NativeEnvironment.Get(name));
        NativeEnvironment.SetDefault(name, "1");
        NativeEnvironment.SetDefault(name, "2");
        Assert.Equal("1", NativeEnvironment.Get(name));
        NativeEnvironment.Set(name, "3");
        Assert.Equal("3", NativeEnvironment.Get(name));
    }

    [Fact]
    public void The_variables_of_this_process_are_those_it_was_started_with() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), NativeEnvironment.Get("PATH"));
}
