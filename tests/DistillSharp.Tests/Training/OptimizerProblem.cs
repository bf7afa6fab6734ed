using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace DistillSharp.Tests.Training;

/// <summary>A matrix and a bias in float64, five gradients, and PyTorch's own optimiser beside ours.</summary>
internal static class OptimizerProblem
{
    private const int Steps = 5;
    private static readonly double[] s_factors = [1, 0.5, 0.25, 1, 0.1];

    /// <summary>Steps both and compares the weights after every step.</summary>
    /// <param name="ours">The optimiser to judge.</param>
    /// <param name="theirs">PyTorch's, over the matrix and the bias.</param>
    /// <param name="learningRate">The learning rate; a schedule's factors are applied to both.</param>
    public static void Agrees(Optimizer ours, Func<Parameter, Parameter, optim.Optimizer> theirs, double learningRate)
    {
        using var generator = new Generator(2);
        using var buffer = new FlatBuffer([Named("bias", 4), Named("weight", 4, 3)], name => name == "weight" ? ParameterRole.Weight : ParameterRole.Bias, ScalarType.Float64, CPU);
        using (no_grad())
        using (var start = randn([16], ScalarType.Float64, generator: generator))
        {
            buffer.Values.copy_(start);
        }

        // Weights come first in the buffer.
        using var matrix = nn.Parameter(buffer.Values.narrow(0, 0, 12).view(4, 3).clone());
        using var bias = nn.Parameter(buffer.Values.narrow(0, 12, 4).clone());
        using var reference = theirs(matrix, bias);
        for (int step = 0; step < Steps; step++)
        {
            using var gradients = randn([16], ScalarType.Float64, generator: generator);
            matrix.grad = gradients.narrow(0, 0, 12).view(4, 3).clone();
            bias.grad = gradients.narrow(0, 12, 4).clone();
            foreach (var group in reference.ParamGroups)
            {
                group.LearningRate = learningRate * s_factors[step];
            }

            reference.step();
            ours.Step(buffer, gradients, s_factors[step], step);
            double[] expected = [.. matrix.detach().reshape(-1).data<double>(), .. bias.detach().data<double>()];
            double[] actual = [.. buffer.Values.data<double>()];
            Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        }
    }

    private static Initializer Named(string name, params long[] shape) => new(name, new(ElementType.Float64, shape, new byte[TensorData.CountOf(shape) * 8]), trainable: true);
}
