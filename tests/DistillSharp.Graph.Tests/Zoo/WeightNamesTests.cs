namespace DistillSharp.Graph.Tests.Zoo;

/// <summary>Weights are named and shaped as the published PyTorch checkpoints have them, so that those load by name.</summary>
public sealed class WeightNamesTests
{
    [Theory]
    [InlineData("resnet20", "conv1.weight", "16x3x3x3")]
    [InlineData("resnet20", "bn1.running_var", "16")]
    [InlineData("resnet20", "layer1.2.conv2.weight", "16x16x3x3")]
    [InlineData("resnet20", "layer2.0.downsample.0.weight", "32x16x1x1")]
    [InlineData("resnet20", "layer2.0.downsample.1.running_mean", "32")]
    [InlineData("resnet20", "fc.weight", "10x64")]
    [InlineData("resnet8x4", "layer1.0.downsample.0.weight", "64x32x1x1")]
    [InlineData("wrn-16-2", "conv1.weight", "16x3x3x3")]
    [InlineData("wrn-16-2", "block1.layer.0.convShortcut.weight", "32x16x1x1")]
    [InlineData("wrn-16-2", "block3.layer.1.bn2.bias", "128")]
    [InlineData("wrn-16-2", "bn1.weight", "128")]
    [InlineData("vgg13", "block0.0.weight", "64x3x3x3")]
    [InlineData("vgg13", "block4.3.bias", "512")]
    [InlineData("vgg13", "block4.4.running_mean", "512")]
    [InlineData("vgg8", "classifier.weight", "10x512")]
    [InlineData("mobilenetv2-half", "conv1.0.weight", "16x3x3x3")]
    [InlineData("mobilenetv2-half", "blocks.1.0.conv.3.weight", "48x1x3x3")]
    [InlineData("mobilenetv2-half", "blocks.6.0.conv.7.running_var", "160")]
    [InlineData("mobilenetv2-half", "conv2.1.weight", "1280")]
    [InlineData("mobilenetv2-half", "classifier.0.weight", "10x1280")]
    [InlineData("shufflenet-v1", "layer1.0.conv1.weight", "54x24x1x1")]
    [InlineData("shufflenet-v1", "layer3.3.conv3.weight", "960x80x1x1")]
    [InlineData("shufflenet-v1", "linear.weight", "10x960")]
    [InlineData("shufflenet-v2", "layer1.0.conv5.weight", "58x58x1x1")]
    [InlineData("shufflenet-v2", "layer2.7.bn3.weight", "116")]
    [InlineData("shufflenet-v2", "conv2.weight", "1024x464x1x1")]
    [InlineData("lenet5", "fc1.weight", "120x400")]
    [InlineData("mlp", "fc3.bias", "10")]
    public void A_weight_has_its_published_name_and_shape(string model, string name, string shape)
    {
        var found = ModelZoo.Build(model).FindInitializer(name);

        Assert.NotNull(found);
        Assert.Equal(shape, string.Join("x", found.Data.Shape));
    }

    [Theory]
    [InlineData("resnet20", "layer1.0.downsample.0.weight")]
    [InlineData("resnet20", "conv1.bias")]
    [InlineData("wrn-16-1", "block1.layer.0.convShortcut.weight")]
    [InlineData("wrn-16-2", "block1.layer.1.convShortcut.weight")]
    public void There_is_no_weight_where_the_published_model_has_none(string model, string name) => Assert.Null(ModelZoo.Build(model).FindInitializer(name));

    [Fact]
    public void Running_statistics_are_the_only_float_weights_that_are_frozen()
    {
        foreach (string key in ModelZoo.KeysOf("classification"))
        {
            var floats = ModelZoo.Build(key).Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32);

            Assert.All(floats, initializer => Assert.Equal(!initializer.Name.Contains(".running_", StringComparison.Ordinal), initializer.Trainable));
            Assert.All(floats, initializer => Assert.NotNull(initializer.Initialization));
        }
    }
}
