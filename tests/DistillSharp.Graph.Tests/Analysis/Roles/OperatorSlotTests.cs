using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Analysis.Roles;

/// <summary>Which weights of a file from elsewhere training may change.</summary>
public sealed class OperatorSlotTests
{
    [Theory]
    [InlineData("Conv", 1, true)]
    [InlineData("Conv", 2, true)]
    [InlineData("ConvTranspose", 1, true)]
    [InlineData("Gemm", 2, true)]
    [InlineData("MatMul", 0, true)]
    [InlineData("MatMul", 1, true)]
    [InlineData("PRelu", 1, true)]
    [InlineData("BatchNormalization", 1, true)]
    [InlineData("BatchNormalization", 2, true)]
    [InlineData("BatchNormalization", 3, false)]
    [InlineData("BatchNormalization", 4, false)]
    [InlineData("LayerNormalization", 2, true)]
    [InlineData("InstanceNormalization", 1, true)]
    [InlineData("Gather", 0, true)]
    [InlineData("Add", 1, false)]
    [InlineData("Mul", 1, false)]
    [InlineData("Clip", 1, false)]
    public void A_float_weight_is_trainable_in_a_weight_slot_only(string operation, int slot, bool trainable)
    {
        string[] inputs = [.. Enumerable.Range(0, Math.Max(2, slot + 1)).Select(i => i == slot ? "w" : "x")];

        Assert.Equal(trainable, Create(Node(operation, inputs, "y")).With(Floats("w", 2)).Load().FindInitializer("w")!.Trainable);
    }

    [Fact]
    public void A_weight_that_is_no_float_is_frozen()
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)ElementType.Int64 };
        tensor.Int64Data.Add(1);

        Assert.False(Create(Node("Gather", ["w", "x"], "y")).With(tensor).Load().FindInitializer("w")!.Trainable);
    }

    [Fact]
    public void An_operator_of_another_domain_says_nothing_of_its_weights()
    {
        var node = Node("Conv", ["x", "w"], "y");
        node.Domain = "org.example";

        Assert.False(Create(node).With(Floats("w", 2)).Load().FindInitializer("w")!.Trainable);
    }

    [Fact]
    public void A_weight_used_twice_is_trainable_if_one_use_makes_it_so()
    {
        var graph = Create(Node("Mul", ["x", "w"], "a"), Node("MatMul", ["a", "w"], "y")).With(Floats("w", 3, 3)).Load();

        Assert.True(graph.FindInitializer("w")!.Trainable);
    }

    [Fact]
    public void In_our_own_file_what_was_frozen_stays_frozen()
    {
        var graph = LeNet.Create(new());
        graph.FindInitializer("conv1.weight")!.Trainable = false;

        var read = OnnxFile.Load(OnnxFile.Serialize(graph));

        Assert.False(read.FindInitializer("conv1.weight")!.Trainable);
        Assert.True(read.FindInitializer("conv2.weight")!.Trainable);
    }

    [Fact]
    public void What_the_rule_found_in_a_foreign_file_is_written_down()
    {
        var graph = Create(Node("MatMul", ["x", "w"], "a"), Node("Mul", ["a", "s"], "y")).With(Floats("w", 3, 3), Floats("s", 1)).Load();
        graph.FindInitializer("s")!.Trainable = true;

        var read = OnnxFile.Load(OnnxFile.Serialize(graph));

        Assert.All(read.Initializers, initializer => Assert.True(initializer.Trainable));
    }
}
