using DistillSharp.Graph.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;
using Kind = DistillSharp.Graph.Format.AttributeProto.Types.AttributeType;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>An attribute of a file says what it is, and is that.</summary>
public sealed class AttributeRulesTests
{
    [Fact]
    public void Two_values_are_named() => Finds("The attribute 'alpha' of Relu 'relu_of_y' holds Float and Int; it must hold one value.", new AttributeProto { Name = "alpha", Type = Kind.Float, F = 1, I = 2 });

    [Fact]
    public void A_value_of_another_kind_is_named() => Finds("The attribute 'alpha' of Relu 'relu_of_y' says that it is Float, but holds Int.", new AttributeProto { Name = "alpha", Type = Kind.Float, I = 2 });

    [Fact]
    public void A_value_of_no_kind_is_named() => Finds("The attribute 'alpha' of Relu 'relu_of_y' does not tell its kind.", new AttributeProto { Name = "alpha", F = 1 });

    [Fact]
    public void A_tensor_that_is_not_there_is_named() => Finds("The attribute 'alpha' of Relu 'relu_of_y' is to hold a Tensor, but is empty.", new AttributeProto { Name = "alpha", Type = Kind.Tensor });

    [Fact]
    public void A_tensor_that_is_broken_is_named() =>
        Finds("The attribute 'alpha' of Relu 'relu_of_y' holds no elements; its shape is [].", new AttributeProto { Name = "alpha", Type = Kind.Tensor, T = new() { DataType = 1 } });

    [Fact]
    public void An_attribute_without_a_name_is_named() => Finds("An attribute of Relu 'relu_of_y' has no name.", new AttributeProto { Type = Kind.Float, F = 1 });

    [Fact]
    public void An_attribute_told_twice_is_named()
    {
        var alpha = new AttributeProto { Name = "alpha", Type = Kind.Float, F = 1 };

        Finds("Relu 'relu_of_y' has the attribute 'alpha' 2 times.", alpha, alpha);
        Assert.Equal("Relu 'relu_of_y' has the attribute 'alpha' twice.", Create(Node("Relu", ["x"], "y").With(alpha).With(alpha)).Refusal());
    }

    [Fact]
    public void A_reference_outside_a_function_is_named() =>
        Finds("The attribute 'alpha' of Relu 'relu_of_y' refers to 'a' of a call, but is not in a function.", new AttributeProto { Name = "alpha", Type = Kind.Float, RefAttrName = "a" });

    private static void Finds(string expected, params AttributeProto[] attributes) => FileRulesTests.Finds(expected, model => model.Graph.Node[1].Attribute.AddRange(attributes));
}
