using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Tests.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Passes;

/// <summary>Tensors that an exporter merged because they were equal.</summary>
public sealed class UntiePassTests
{
    private static readonly UntieOptions s_mixed = new() { MixedOnly = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ones_and_zeros_of_two_norms_become_scales_biases_and_statistics_that_are_not_trained(bool mixedOnly)
    {
        var graph = new UntiePass(new() { MixedOnly = mixedOnly }).Apply(Merged()).Graph;

        var norms = graph.Nodes.Where(node => node.Operation == "BatchNormalization").ToList();
        string[] parameters = [.. norms.SelectMany(norm => norm.Inputs.Skip(1))];
        Assert.Equal(8, parameters.Distinct().Count());
        Assert.All(norms, norm => Assert.Equal([true, true, false, false], norm.Inputs.Skip(1).Select(name => graph.FindInitializer(name)!.Trainable)));
        Assert.All(OnnxFile.Load(OnnxFile.Serialize(graph)).Initializers, read => Assert.Equal(graph.FindInitializer(read.Name)!.Trainable, read.Trainable));
    }

    [Fact]
    public void Statistics_of_two_norms_are_separated_and_those_of_one_that_runs_twice_stay()
    {
        var two = Norms("g1,b1,m,v", "g2,b2,m,v");
        var one = Norms("g1,b1,m,v", "g1,b1,m,v");

        var apart = new UntiePass(s_mixed).Apply(two).Graph;
        Assert.Equal(4, apart.Nodes.Where(node => node.Operation == "BatchNormalization").SelectMany(node => node.Inputs.Skip(3)).Distinct().Count());
        Assert.Equal(0, new UntiePass(s_mixed).Apply(one).Changes[0].Total);
    }

    [Theory]
    [InlineData("a tied table", "Gather p,ids e;Transpose p w;MatMul e,w y", 0)]
    [InlineData("a bias of two layers", "MatMul x,W h;Add h,p a;MatMul a,W0 b;Add b,p y", 0)]
    [InlineData("a bias and a scale", "MatMul x,W h;Mul h,p a;MatMul a,W0 b;Add b,p y", 1)]
    [InlineData("the mean of pictures and a bias", "Sub x,p h;MatMul h,W a;Add a,p y", 1)]
    [InlineData("a normalized weight", "Mul p,p q;ReduceSum q r;Sqrt r s;Div p,s w;MatMul x,w y", 0)]
    public void Only_what_has_different_roles_is_separated(string what, string nodes, int copies)
    {
        var all = nodes.Split(';').Select(line => line.Split(' ')).Select(parts => Node(parts[0], parts[1].Split(','), parts[2])).ToArray();
        var model = Create(all).With(Floats("p", 3, what.Contains("table") || what.Contains("weight") ? 3 : 1), Floats("W", 3, 3), Floats("W0", 3, 3));
        model.Graph.Input.Add(Value("ids", 2));

        var result = new UntiePass(s_mixed).Apply(model.Load());

        Assert.True(result.Changes[0].Total == copies, $"{what}: {result.Changes[0]}");
    }

    [Fact]
    public void What_preprocesses_stays_as_it_is_where_a_bias_shares_its_numbers()
    {
        var graph = new UntiePass(s_mixed).Apply(Create(Node("Sub", ["x", "p"], "h"), Node("MatMul", ["h", "W"], "a"), Node("Add", ["a", "p"], "y")).With(Floats("p", 3), Floats("W", 3, 3)).Load()).Graph;

        Assert.False(graph.FindInitializer(graph.Nodes[0].Inputs[1])!.Trainable);
        Assert.True(graph.FindInitializer(graph.Nodes[2].Inputs[1])!.Trainable);
    }

    private static ModelGraph Merged() => Norms("ones,zeros,zeros,ones", "ones,zeros,zeros,ones");

    private static ModelGraph Norms(string first, string second)
    {
        var model = Create(Node("MatMul", ["x", "W"], "h"), Node("BatchNormalization", ["h", .. first.Split(',')], "n"), Node("MatMul", ["n", "W0"], "k"), Node("BatchNormalization", ["k", .. second.Split(',')], "y"));
        string[] names = [.. first.Split(',').Concat(second.Split(',')).Distinct()];
        return model.With(Floats("W", 3, 3), Floats("W0", 3, 3)).With([.. names.Select(name => Floats(name, 3))]).Load();
    }
}
