using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>A random change of a training picture. One plug-in a class, found by its key.</summary>
public abstract class Augmentation
{
    /// <summary>Changes a picture. Called from several threads at once; all randomness comes from the given generator.</summary>
    /// <param name="image">The picture, <c>[C, H, W]</c>; never written into, since it may be shared.</param>
    /// <param name="random">The sample's own generator.</param>
    /// <returns>A new picture, or the same one where nothing changes.</returns>
    public abstract PixelImage Apply(PixelImage image, ref SampleRandom random);
}
