
namespace DistillSharp.Graph.Tests;

public sealed class NearMissTests
{
    private static readonly string[] s_known = ["kd", "dkd", "resnet8", "resnet20", "resnet110", "mobilenetv2", "attention-transfer", "learning-rate"];

    [Theory]
    [InlineData("resnet200", "resnet20")]
    [InlineData("rsenet20", "resnet20")]
    [InlineData("resnet02", "resnet20")]
    [InlineData("ResNet8", "resnet8")]
    [InlineData("mobilenet-v2", "mobilenetv2")]
    [InlineData("mobilnetv2", "mobilenetv2")]
    [InlineData("atention-transfer", "attention-transfer")]
    [InlineData("learning_rate", "learning-rate")]
    [InlineData("learningrate", "learning-rate")]
    [InlineData("lerning-rat", "learning-rate")]
    [InlineData("kdd", "kd")]
    [InlineData("dk", "dkd")]
    public void A_typo_finds_what_was_meant(string typo, string meant) => Assert.Equal(meant, NearMiss.Of(typo, s_known));

    [Theory]
    [InlineData("vgg16")]
    [InlineData("transformer")]
    [InlineData("rate")]
    [InlineData("")]
    public void What_is_like_nothing_finds_nothing(string word) => Assert.Null(NearMiss.Of(word, s_known));

    [Fact]
    public void Nothing_is_near_where_nothing_is_known() => Assert.Null(NearMiss.Of("kd", []));

    [Theory]
    [InlineData("abcdef", "abcdfe", true)]
    [InlineData("abcdef", "abxxef", true)]
    [InlineData("abcdef", "axxxef", false)]
    public void Two_letters_of_six_may_differ_and_three_may_not(string word, string known, bool near) => Assert.Equal(near ? known : null, NearMiss.Of(word, [known]));
}
