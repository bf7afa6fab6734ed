using System.Reflection;
using System.Reflection.Emit;
using DistillSharp.Graph;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;

namespace DistillSharp.Tests.Plugins;

public sealed class ModelCatalogTests
{
    private static readonly ModelCatalog s_zoo = PluginCatalogs.BuiltIn.Models;

    [Fact]
    public void Models_are_listed_by_key_with_their_options()
    {
        var mlp = s_zoo.Find("mlp");

        Assert.Equal(typeof(MlpOptions), mlp.OptionsType);
        Assert.Equal(s_zoo.All.Select(model => model.Key).Order(StringComparer.Ordinal), s_zoo.All.Select(model => model.Key));
        Assert.All(s_zoo.All, model => Assert.NotEmpty(model.Summary));
    }

    [Fact]
    public void A_model_is_built_for_the_classes_and_size_it_is_told()
    {
        var graph = s_zoo.Build("mlp", new MlpOptions { Widths = [5], Classes = 3, Channels = 1, Height = 4, Width = 6 });

        Assert.Equal([5L, 24L], graph.FindInitializer("fc1.weight")!.Data.Shape.ToArray());
        Assert.Equal([3L, 5L], graph.FindInitializer("fc2.weight")!.Data.Shape.ToArray());
    }

    [Fact]
    public void An_unknown_model_is_told_with_its_near_miss()
    {
        var error = Assert.Throws<UnknownPluginException>(() => s_zoo.Find("resnet-20"));

        Assert.Equal("There is no model named 'resnet-20'. Did you mean 'resnet20'?", error.Message);
    }

    [Fact]
    public void Options_of_another_model_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => s_zoo.Build("mlp", new ModelOptions()));

        Assert.Contains("'mlp' takes MlpOptions, but was given ModelOptions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_models_own_refusal_is_told_as_it_is()
    {
        var error = Assert.Throws<ArgumentException>(() => s_zoo.Build("lenet5", new() { Height = 8, Width = 8 }));

        Assert.Contains("at least 28x28, but they are 8x8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_methods_of_one_key_are_refused() =>
        Assert.Contains("'mlp'", Assert.Throws<InvalidOperationException>(() => new ModelCatalog([typeof(Mlp).Assembly, With("mlp", typeof(ModelGraph), typeof(ModelOptions))])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(string), typeof(ModelOptions))]
    [InlineData(typeof(ModelGraph), typeof(int))]
    public void A_method_that_is_no_factory_is_refused_by_name(Type result, Type parameter)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ModelCatalog([With("odd", result, parameter)]));

        Assert.Contains("'odd' (Factory.Create)", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModelOptions", error.Message, StringComparison.Ordinal);
    }

    /// <summary>An assembly of its own: a broken factory in this one would break every catalogue of this one.</summary>
    private static Assembly With(string key, Type result, Type parameter)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("Broken"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("Broken").DefineType("Factory", TypeAttributes.Public | TypeAttributes.Class);
        var method = type.DefineMethod("Create", MethodAttributes.Public | MethodAttributes.Static, result, [parameter]);
        method.SetCustomAttribute(new(typeof(ModelAttribute).GetConstructors()[0], [key, "summary"]));
        var body = method.GetILGenerator();
        body.Emit(OpCodes.Ldnull);
        body.Emit(OpCodes.Ret);
        type.CreateType();
        return assembly;
    }
}
