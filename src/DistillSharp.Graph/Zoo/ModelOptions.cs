namespace DistillSharp.Graph.Zoo;

/// <summary>What every model is told: classes and the size of its pictures. A run fills them in from its data.</summary>
public record ModelOptions
{
    /// <summary>The number of classes: 2 or more, for detectors 1 or more. Default 10, of detectors 80.</summary>
    public int Classes
    {
        get;
        init => field = value >= FewestClasses ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, FewestClasses == 1 ? "A detector finds 1 class or more." : "A model tells 2 classes or more apart.");
    } = 10;

    /// <summary>Channels of the pictures, 1 or more. Default 3.</summary>
    public int Channels
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Channels), value, "Pictures have 1 channel or more.");
    } = 3;

    /// <summary>Rows of the pictures, 1 or more. Default 32.</summary>
    public int Height
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Height), value, "Pictures have 1 row or more.");
    } = 32;

    /// <summary>Columns of the pictures, 1 or more. Default 32.</summary>
    public int Width
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Width), value, "Pictures have 1 column or more.");
    } = 32;

    /// <summary>The fewest classes that make sense. A classifier has something to tell apart; a detector may look for one thing.</summary>
    protected virtual int FewestClasses => 2;

    /// <summary>Refuses pictures a model is too deep for.</summary>
    /// <param name="model">The model's key.</param>
    /// <param name="smallest">The fewest rows and columns it can do with.</param>
    internal void RequireAtLeast(string model, int smallest)
    {
        if (Height < smallest || Width < smallest)
        {
            throw new ArgumentException($"The model '{model}' needs pictures of at least {smallest}x{smallest}, but they are {Height}x{Width}.");
        }
    }
}
