using DistillSharp.Tasks;

namespace DistillSharp.Cli.Views;

/// <summary>Says how a model's classes were matched with the data's.</summary>
internal static class ClassOrderView
{
    /// <summary>Prints what is worth knowing: a warning where classes are matched by number although they are named otherwise.</summary>
    public static void Print(ClassOrder order)
    {
        if (order.Note is { } note)
        {
            (order.IsGuess ? Console.Error : Console.Out).WriteLine(order.IsGuess ? $"distill: warning: {note}." : $"{note}.");
        }
    }
}
