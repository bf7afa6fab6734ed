using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Tests.Weights.Pickle;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights.Torch;

/// <summary>Saved modules that are no tree, and dictionaries that hold no weights.</summary>
public sealed class ModuleWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_follow_PyTorchs_order_and_passing_buffers_are_left_out()
    {
        // A child before the parameters in the file; PyTorch lists a module's parameters, then its buffers, then its children.
        var pickle = Module().Op('}').Op('(').Text("_modules").Op('}').Text("0").Raw(Body(Module().Op('}').Op('(').Text("_parameters").Op('}').Text("weight").Tensor("FloatStorage", "0", 2, 0, [1], [1]).Op('s').Op('u').Op('b'))).Op('s')
            .Text("_buffers").Op('}').Text("mean").Tensor("FloatStorage", "0", 2, 1, [1], [1]).Op('s').Text("cache").Tensor("FloatStorage", "0", 2, 0, [1], [1]).Op('s')
            .Text("_non_persistent_buffers_set").Raw(0x8F).Op('(').Text("cache").Raw(0x90)
            .Text("_parameters").Op('}').Text("scale").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Op('s').Text("bias").Op('N').Op('s').Op('u').Op('b');

        var checkpoint = Load(pickle.Done());

        Assert.Equal(["scale", "mean", "0.weight"], checkpoint.StateDict.Keys);
        Assert.Equal([8f], checkpoint.StateDict["mean"].AsSpan<float>().ToArray());
        Assert.Equal((CheckpointSource.Whole, "torch.nn.Module"), (checkpoint.Source, checkpoint.Metadata.ModelClass));
    }

    [Fact]
    public void A_module_inside_itself_and_one_shared_over_and_over_end()
    {
        byte[] itself = Module().Op('q').Raw(0).Op('}').Text("_modules").Op('}').Text("x").Op('h').Raw(0).Op('s').Op('s').Op('b').Done();
        Assert.Contains("nested more than", Assert.Throws<GraphException>(() => Load(itself)).Message, StringComparison.Ordinal);

        var shared = Module().Op('}').Text("_parameters").Op('}').Op('s').Op('b').Op('q').Raw(0);
        for (byte i = 1; i <= 50; i++)
        {
            shared.Raw(Body(Module())).Op('}').Text("_modules").Op('}').Op('(').Text("a").Op('h').Raw((byte)(i - 1)).Text("b").Op('h').Raw((byte)(i - 1)).Op('u').Op('s').Op('b').Op('q').Raw(i);
        }

        Assert.Contains("one of more than 100000", Assert.Throws<GraphException>(() => Load(shared.Done())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict", CheckpointSource.StateDict)]
    [InlineData("model_state_dict", CheckpointSource.StateDict)]
    [InlineData("net", CheckpointSource.StateDict)]
    [InlineData("model", CheckpointSource.Model)]
    [InlineData("ema", CheckpointSource.Average)]
    public void A_state_dict_is_found_in_its_usual_places(string key, CheckpointSource source)
    {
        var pickle = new PickleWriter().Op('}').Op('(').Text("epoch").Whole(3).Text(key).Op('}').Text("w").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Op('s').Op('u');

        var checkpoint = Load(pickle.Done());

        Assert.Equal((source, 3L), (checkpoint.Source, checkpoint.Metadata.Epoch));
        Assert.Equal(["w"], checkpoint.StateDict.Keys);
    }

    [Fact]
    public void The_prefix_of_parallel_training_is_left_out_and_told()
    {
        var checkpoint = Load(new PickleWriter().Op('}').Text("module.fc.weight").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Op('s').Done());

        Assert.Equal(["fc.weight"], checkpoint.StateDict.Keys);
        Assert.Contains("'module.'", Assert.Single(checkpoint.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_no_weights_is_refused_and_what_it_holds_is_told()
    {
        Refused("so it is no checkpoint", new PickleWriter().Whole(3));
        Refused("holds one tensor", new PickleWriter().Tensor("FloatStorage", "0", 2, 0, [2], [1]));
        Refused("It holds 'epoch'", new PickleWriter().Op('}').Text("epoch").Whole(3).Op('s'));
        Refused("its state dict is empty", new PickleWriter().Op('}').Text("model").Op('}').Op('s'));
        Refused("'lr' is no tensor", new PickleWriter().Op('}').Text("model").Op('}').Text("lr").Whole(1).Op('s').Op('s'));
        Refused("its model is empty", Module().Op('}').Text("_modules").Op('}').Op('s').Op('b'));
        Refused("among its modules that is none", Module().Op('}').Text("_modules").Op('}').Text("a").Whole(1).Op('s').Op('s').Op('b'));
        Refused("in its _parameters that is no tensor", Module().Op('}').Text("_parameters").Op('}').Text("a").Whole(1).Op('s').Op('s').Op('b'));
        Refused("are no dictionary", Module().Op('}').Text("_buffers").Whole(1).Op('s').Text("_modules").Op('}').Op('s').Op('b'));
    }

    private void Refused(string message, PickleWriter pickle) => Assert.Contains(message, Assert.Throws<GraphException>(() => Load(pickle.Done())).Message, StringComparison.Ordinal);

    private Checkpoint Load(byte[] pickle) => TorchCheckpoint.Load(TorchFile.Write(_folder, pickle, ("0", TorchFile.Floats(7, 8))));

    private static PickleWriter Module() => new PickleWriter().Global("torch.nn", "Module").Op(')').Raw(0x81);

    /// <summary>A pickle without its announcement of the protocol, to be put into another.</summary>
    private static byte[] Body(PickleWriter inner) => inner.Cut()[2..];
}
