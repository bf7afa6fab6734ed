namespace DistillSharp.Tasks.Data;

/// <summary>A classification data set that has been opened: training and test pictures and their classes.</summary>
/// <param name="Name">What tables call it, with what was used: <c>CIFAR-10 subset, 10,000/5,000</c>.</param>
/// <param name="ClassNames">The classes' names, by 0-based class.</param>
/// <param name="Input">The natural size of a picture and the mean and deviation of its channels.</param>
/// <param name="Train">The training pictures.</param>
/// <param name="Test">The test pictures: scored once, choosing nothing.</param>
public sealed record ImageDataset(string Name, IReadOnlyList<string> ClassNames, ImageInput Input, ISampleSource Train, ISampleSource Test);
