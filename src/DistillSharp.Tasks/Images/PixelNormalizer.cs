using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Images;

/// <summary>Turns the pixels of a picture into the numbers a model takes: <c>(pixel / 255 - Mean) / Deviation</c>.</summary>
public sealed class PixelNormalizer
{
    private readonly ImageInput _input;
    private readonly float[][] _tables;

    /// <summary>Works out what each of the 256 pixel values becomes.</summary>
    /// <param name="input">The size and normalisation.</param>
    public PixelNormalizer(ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _tables = [.. Enumerable.Range(0, input.Channels).Select(channel => Enumerable.Range(0, 256).Select(value => (float)(((value / 255.0) - input.Mean[channel]) / input.Deviation[channel])).ToArray())];
    }

    /// <summary>Writes a picture's numbers.</summary>
    /// <param name="image">The picture, of the input's size and channels.</param>
    /// <param name="target">Its numbers, <c>[C, H, W]</c>.</param>
    /// <exception cref="ArgumentException">The picture or the target has another size.</exception>
    public void Write(PixelImage image, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(image);
        int plane = _input.Height * _input.Width;
        if (image.Channels != _input.Channels || image.Height != _input.Height || image.Width != _input.Width || target.Length != _input.Channels * plane)
        {
            throw new ArgumentException(
                $"A picture of {image.Channels} x {image.Height} x {image.Width} and {target.Length} numbers do not fit an input of {_input.Channels} x {_input.Height} x {_input.Width}. Fit the picture first.",
                nameof(image));
        }

        for (int channel = 0; channel < _input.Channels; channel++)
        {
            float[] table = _tables[channel];
            var from = image.Pixels.AsSpan(channel * plane, plane);
            var to = target.Slice(channel * plane, plane);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = table[from[i]];
            }
        }
    }
}
