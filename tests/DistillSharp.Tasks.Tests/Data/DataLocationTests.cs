using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

/// <summary>Beside no other test: one of them sets a variable of the process.</summary>
[CollectionDefinition(nameof(DataLocationTests), DisableParallelization = true)]
[Collection(nameof(DataLocationTests))]
public sealed class DataLocationTests
{
    [Theory]
    [InlineData(null, "given", "cache")]
    [InlineData("", "given", "cache")]
    [InlineData("named", "given", "named", "cache")]
    public void The_given_folder_comes_before_the_environment_and_the_cache(string? named, params string[] expected)
    {
        try
        {
            Environment.SetEnvironmentVariable("DISTILLSHARP_DATA", named);

            Assert.Equal(expected, new DataLocation { Root = "given", Cache = "cache" }.Roots);
            Assert.Equal(DataLocation.UserCache, new DataLocation().Roots[^1]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DISTILLSHARP_DATA", null);
        }
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
