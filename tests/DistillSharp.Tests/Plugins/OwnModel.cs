using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Tests.Plugins;

/// <summary>A user's own model.</summary>
public static class OwnModel
{
    /// <summary>One linear layer.</summary>
    /// <param name="options">The options.</param>
    [Model("own-linear", "One linear layer")]
    public static ModelGraph Create(ModelOptions options)
    {
        var b = new GraphBuilder("own-linear");
        return b.Build(b.Linear("fc", b.Flatten("flatten", b.Input(options.Channels, options.Height, options.Width)), options.Classes));
    }
}
