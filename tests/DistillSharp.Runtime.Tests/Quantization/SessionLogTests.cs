using DistillSharp.Graph;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class SessionLogTests
{
    [Fact]
    public void A_warning_is_heard_where_there_is_cause()
    {
        // A declared shape that the node contradicts.
        var graph = new TestGraph().Input("x", 1, 4).Node("Relu", ["x"], ["y"]).Output("y", ElementType.Float32, 1, 5).Graph;

        Assert.NotEmpty(SessionLog.Warnings(graph));
    }
}
