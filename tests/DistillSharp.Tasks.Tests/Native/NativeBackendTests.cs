using DistillSharp.Tasks.Native;

namespace DistillSharp.Tasks.Tests.Native;

public class NativeBackendTests
{
    private static readonly NativePackage s_one = new("One.Native", "1.2.3"), s_two = new("Two.Native", "4.5.6");

    [Fact]
    public void Everything_that_is_missing_is_in_one_message_with_the_commands_that_add_it()
    {
        var works = Backend("works", null, s_one);
        var error = Assert.Throws<DllNotFoundException>(() => NativeBackend.Ensure([works, Backend("first", "is missing", s_one)], Backend("second", "is version 5, and version 4 is needed", s_two)));
        Assert.Equal(
            """
            Native libraries are missing or do not fit: first (tests) is missing; second (tests) is version 5, and version 4 is needed. Run these commands in the program's project folder:
              dotnet add package One.Native --version 1.2.3
              dotnet add package Two.Native --version 4.5.6
            """.ReplaceLineEndings("\n"),
            error.Message);
    }

    [Fact]
    public void What_is_only_likely_to_be_needed_later_fails_nothing()
    {
        NativeBackend.Ensure([Backend("first", null, s_one)], Backend("second", "is missing", s_two));
    }

    [Fact]
    public void A_platform_without_a_package_is_named()
    {
        string message = NativeBackend.Message([Backend("first", "is missing", null)]);
        Assert.Equal($"Native libraries are missing or do not fit: first (tests) is missing, and no package of it exists for {NativePackage.Platform}.", message);
    }

    [Fact]
    public void A_library_that_works_is_loaded_once_and_one_that_does_not_is_tried_again()
    {
        int good = 0, bad = 0;
        var works = new NativeBackend("works", "tests", () => s_one, () => { good++; return null; });
        var fails = new NativeBackend("fails", "tests", () => s_one, () => { bad++; return "is missing"; });
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(works.Probe());
            Assert.Equal("is missing", fails.Probe());
        }

        Assert.Equal((1, 3), (good, bad));
    }

    private static NativeBackend Backend(string name, string? problem, NativePackage? package) => new(name, "tests", () => package, () => problem);
}
