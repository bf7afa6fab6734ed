using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tasks.Tests.Classification;

public sealed class ProbabilityAnswersTests
{
    [Fact]
    public void Rows_of_0_to_1_that_sum_to_1_are_probabilities() => Assert.True(ProbabilityAnswers.Are([0.25f, 0.75f, 1, 0, 0.5004f, 0.5f], 2));

    [Theory]
    [InlineData(0.25f, 0.70f)]
    [InlineData(-0.25f, 1.25f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(0f, 0f)]
    public void One_row_that_is_none_is_enough(float a, float b) => Assert.False(ProbabilityAnswers.Are([0.5f, 0.5f, a, b], 2));

    [Fact]
    public void One_class_or_no_sample_tells_nothing()
    {
        Assert.False(ProbabilityAnswers.Are([1, 1], 1));
        Assert.False(ProbabilityAnswers.Are([], 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Their_logarithms_are_logits_of_the_same_at_every_temperature(double temperature)
    {
        float[] logits = [3, -1, 0.5f];
        double[] once = new double[3], again = new double[3];
        SoftLabels.Softmax(logits, 1, once);
        float[] answers = [.. once.Select(value => (float)value)];
        ProbabilityAnswers.ToLogits(answers);

        SoftLabels.Softmax(logits, temperature, once);
        SoftLabels.Softmax(answers, temperature, again);

        Assert.Equal(once, again, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_probability_of_0_becomes_a_finite_number()
    {
        float[] answers = [1, 0];
        ProbabilityAnswers.ToLogits(answers);
        Assert.Equal(0, answers[0]);
        Assert.True(answers[1] is < -100 and > -110);
    }
}
