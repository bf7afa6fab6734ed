using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;

namespace DistillSharp.Graph.Tests.Passes;

/// <summary>Nodes of every operator with inputs and attributes that make no sense: a GraphException comes out, or a graph, and nothing else.</summary>
public sealed class HostileNodeTests
{
    private static readonly GraphPass[] s_passes =
    [
        new ConstantFoldingPass(new() { MaxElements = 500, MaxWeightElements = 1000, FoldTrainable = true }), new InlineIfPass(), new RemoveIdentityPass(new()), new RemoveDeadPass(new()),
        new NormalizeActivationsPass(), new FoldBatchNormPass(), new UntiePass(new()), new InsertBatchNormPass(new()), new Float16Pass(new()), new DynamicBatchPass(new()),
        new UpgradeOpsetPass(new() { Target = 21 }), new ExtractPass([], ["y"]), new TapPass("y"),
    ];

    public static TheoryData<int> Opsets => [7, 9, 10, 11, 12, 13, 17, 18, 21];

    [Theory]
    [MemberData(nameof(Opsets))]
    public void Nonsense_is_refused_or_borne(int opset)
    {
        int tried = 0, borne = 0;
        var random = new Random(opset);
        foreach (var schema in OperatorSchemas.All.Where(schema => schema.Since <= opset))
        {
            for (int sample = 0; sample < 15; sample++)
            {
                var graph = Graph(schema, opset, random);
                tried++;
                string what = $"{schema.Operation} {sample}: {string.Join(", ", graph.Nodes[0].Inputs.Select(name => ShapeInference.Find(graph, name)))} {string.Join(", ", graph.Nodes[0].Attributes.Select(pair => $"{pair.Key}={Show(pair.Value)}"))}";
                try
                {
                    GraphChecker.Check(graph);
                    ShapeInference.Infer(graph.Clone());
                    foreach (var pass in s_passes)
                    {
                        pass.Apply(graph);
                    }

                    borne++;
                }
                catch (GraphException error)
                {
                    Assert.True(error.Message.Length > 10, what);
                }
                catch (Exception error)
                {
                    Assert.Fail($"{what}: {error}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{borne} of {tried} borne");
        Assert.InRange(borne, tried / 10, tried - 1);
    }

    private static ModelGraph Graph(OperatorSchema schema, int opset, Random random)
    {
        var graph = new ModelGraph { Opset = opset };
        int most = Math.Min(schema.Inputs.Most, schema.Inputs.Least + 3), count = random.Next(10) == 0 ? random.Next(0, 4) : random.Next(schema.Inputs.Least, most + 1);
        var inputs = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string name = $"i{i}";
            inputs.Add(random.Next(8) == 0 ? "" : name);
            var type = random.Next(5) switch { 0 => ElementType.Int64, 1 => ElementType.Bool, _ => ElementType.Float32 };
            long[] shape = [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.NextInt64(0, 4))];
            if (random.Next(2) == 0)
            {
                graph.Inputs.Add(new(name, type, random.Next(6) == 0 ? null : [.. shape.Select(size => random.Next(5) == 0 ? Dimension.Named("n") : Dimension.Of(size))]));
            }
            else
            {
                long[] values = [.. Enumerable.Range(0, (int)TensorData.CountOf(shape)).Select(_ => Number(random))];
                graph.Add(new(name, type == ElementType.Float32 ? TensorNumbers.FromDoubles(type, shape, Array.ConvertAll(values, value => (double)value)) : TensorNumbers.FromLongs(type, shape, values), random.Next(2) == 0));
            }
        }

        var node = new GraphNode(schema.Operation, inputs, ["y", .. Enumerable.Range(1, random.Next(1, 4)).Select(i => $"y{i}")], "it");
        foreach (var (name, attribute) in schema.Attributes.Where(_ => random.Next(2) == 0))
        {
            node.Attributes[name] = attribute.Kind switch
            {
                "i" => new IntValue(Number(random)),
                "f" => new FloatValue(Number(random)),
                "s" => new TextValue(random.Next(3) switch { 0 => "SAME_UPPER", 1 => "ij,jk->ik", _ => "" }),
                "is" => new IntsValue([.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => Number(random))]),
                "fs" => new FloatsValue([.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => (float)Number(random))]),
                "t" => new TensorValue(TensorData.Create<float>([1])),
                _ => new IntValue(1),
            };
        }

        graph.Nodes.Add(node);
        graph.Nodes.Add(new("Relu", ["y"], ["z"], "after"));
        graph.Outputs.Add(new("z", ElementType.Float32, null));
        return graph;
    }

    private static long Number(Random random) => random.Next(12) switch { 0 => long.MaxValue, 1 => long.MinValue, 2 => int.MaxValue, 3 => -1, _ => random.NextInt64(-3, 5) };

    private static string Show(AttributeValue value) => value switch { IntsValue ints => string.Join(" ", ints.Values), FloatsValue floats => string.Join(" ", floats.Values), _ => value.ToString() };
}
