namespace DistillSharp.Weights.Pickle;

/// <summary>An interpreted value that a pickle may set a state on, such as a tensor with attributes of its own.</summary>
internal interface IPickleState
{
    /// <summary>Takes the state, or leaves it.</summary>
    /// <param name="state">The state.</param>
    void SetState(object? state);
}
