namespace DistillSharp.Plugins;

/// <summary>A plug-in as a catalogue lists it.</summary>
/// <param name="Key">The key it is chosen by.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Implementation">The class.</param>
/// <param name="OptionsType">The options record its constructor takes, or null.</param>
public sealed record Plugin(string Key, string Summary, Type Implementation, Type? OptionsType);
