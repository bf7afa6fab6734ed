using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using Xunit.Sdk;

namespace Conformance.Tests.Golden;

/// <summary>Golden cases are found by their kind; an absent folder skips a test, an empty one fails it.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cases_are_found_whatever_they_are_called()
    {
        _folder.Write("nms_further.npz", "");
        _folder.Write("nms.npz", "");
        _folder.Write("map.npz", "");

        Assert.Equal(["nms.npz", "nms_further.npz"], GoldenFiles.In(_folder.Path, "nms*.npz").Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_without_a_case_of_the_kind_is_a_failure_and_names_it()
    {
        _folder.Write("map.npz", "");

        string message = Assert.ThrowsAny<XunitException>(() => GoldenFiles.In(_folder.Path, "nms*.npz")).Message;

        Assert.Contains(_folder.Path, message, StringComparison.Ordinal);
        Assert.Contains("nms*.npz", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skip_names_what_is_absent_and_the_variable_to_set()
    {
        Assert.Null(SharedFolder.Absent("data sets", "DISTILLSHARP_DATA", _folder.Path));
        Assert.Equal($"The data sets are absent: the folder '{_folder["none"]}' does not exist. Set DISTILLSHARP_DATA to their folder to run this test.", SharedFolder.Absent("data sets", "DISTILLSHARP_DATA", _folder["none"]));
    }

    [Fact]
    public void A_test_that_reads_the_folder_without_saying_so_is_a_failure() =>
        Assert.Contains("needs the trait Category=Data", Assert.ThrowsAny<XunitException>(() => SharedFolder.Data()).Message, StringComparison.Ordinal);

    [Fact]
    public void The_library_does_not_see_the_tester_s_data() => Assert.Null(Environment.GetEnvironmentVariable("DISTILLSHARP_DATA"));
}
