using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests;

public sealed class ClassOrderTests
{
    private static readonly string[] s_animals = ["cat", "dog", "cow"];

    [Fact]
    public void The_same_order_and_no_names_need_no_change_and_no_word()
    {
        foreach (string[]? names in new[] { null, s_animals })
        {
            var order = ClassOrder.Of(names, s_animals, "m");
            Assert.True(order.IsIdentity);
            Assert.Null(order.Note);
        }

        Assert.Null(ClassOrder.Of(["Cat", "DOG ", "cow"], s_animals, "m").Note);
    }

    [Fact]
    public void Another_order_is_found_by_name_spelling_aside()
    {
        var order = ClassOrder.Of(["stop_sign", "Traffic-Light", "car"], ["car", "traffic light", "stop sign"], "'m.onnx'");

        Assert.Equal([2, 1, 0], order.FromModel);
        Assert.False(order.IsIdentity || order.IsGuess);
        Assert.Equal("'m.onnx' lists the data's classes in another order (its class 2 is the data's 0, 'car', its class 0 is the data's 2, 'stop sign'): its outputs are put in the data's order by name", order.Note);
        float[] scores = [1, 2, 3, 4, 5, 6];
        order.Apply(scores);
        Assert.Equal([3, 2, 1, 6, 5, 4], scores);
    }

    [Fact]
    public void A_name_twice_is_matched_in_order_and_the_exact_spelling_first()
    {
        Assert.Equal([1, 0, 2], ClassOrder.Of(["maillot", "crane", "crane"], ["crane", "maillot", "crane"], "m").FromModel);
        Assert.Equal([1, 0], ClassOrder.Of(["CAT", "cat"], ["cat", "Cat"], "m").FromModel);
    }

    [Fact]
    public void Other_sets_are_refused_and_wholly_other_names_are_a_guess()
    {
        Assert.Contains("it has no 'cow', but 'sheep'", Assert.Throws<DataException>(() => ClassOrder.Of(["cat", "sheep", "dog"], s_animals, "m")).Message, StringComparison.Ordinal);
        Assert.StartsWith("The model tells 2 classes apart, but the data has 3.", Assert.Throws<DataException>(() => ClassOrder.Of(["cat", "dog"], s_animals, "m")).Message, StringComparison.Ordinal);

        var guess = ClassOrder.Of(["class-0", "class-1", "class-2"], s_animals, "m");
        Assert.True(guess is { IsIdentity: true, IsGuess: true });
        Assert.Contains("class 0 is 'class-0' and not 'cat'", guess.Note, StringComparison.Ordinal);
        Assert.Null(ClassOrder.Same(["class-0", "class-1", "class-2"], s_animals, "m"));
    }

    [Fact]
    public void Ten_classes_are_named_and_the_rest_counted()
    {
        string[] data = [.. Enumerable.Range(0, 100).Select(i => $"{i}")];

        Assert.Contains("and 90 more", ClassOrder.Of([.. data.Reverse()], data, "m").Note, StringComparison.Ordinal);
    }
}
