using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class DataLocationTests
{
    [Fact]
    public void The_given_folder_comes_before_the_environment_and_the_cache()
    {
        string? told = Environment.GetEnvironmentVariable("DISTILLSHARP_DATA");
        string[] expected = string.IsNullOrEmpty(told) ? ["given", "cache"] : ["given", told, "cache"];

        Assert.Equal(expected, new DataLocation { Root = "given", Cache = "cache" }.Roots);
        Assert.Equal(DataLocation.UserCache, new DataLocation().Roots[^1]);
    }

    [Fact]
    public void The_cache_is_a_folder_of_the_users_own()
    {
        Assert.True(Path.IsPathRooted(DataLocation.UserCache));
        Assert.EndsWith(Path.Combine("distillsharp", "data"), DataLocation.UserCache, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_is_looked_for_under_its_name_and_then_in_the_folder_itself() =>
        Assert.Equal([Path.Combine("given", "mnist"), "given"], DataFinder.Folders(new() { Root = "given" }, "mnist").Take(2));
}
