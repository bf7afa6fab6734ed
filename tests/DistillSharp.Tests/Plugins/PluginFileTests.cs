using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Plugins;

public sealed class PluginFileTests
{
    private static string Own => typeof(OwnSquareLoss).Assembly.Location;

    [Fact]
    public void A_recipe_names_an_assembly_and_its_losses_can_be_chosen()
    {
        string text = $"plugins: ['{Own}']\ndata: glyphs\nteacher: {{model: mlp}}\nstudent: {{model: mlp}}\ndistillation: {{losses: [{{own-square: {{scale: 0.5}}}}]}}";
        var recipe = RecipeReader.Parse(text);

        Assert.Equal(0.5, Assert.IsType<OwnSquareLossOptions>(recipe.Distillation.Losses[0].Options).Scale);
        Assert.Equal([Own], recipe.Plugins);
        var plugins = PluginCatalogs.BuiltIn.WithFiles(recipe.Plugins);
        string written = RecipeWriter.Write(recipe, plugins);
        Assert.Equal(written, RecipeWriter.Write(RecipeReader.Parse(written), plugins));
        Assert.IsType<OwnSquareLoss>(plugins.Losses.Create(recipe.Distillation.Losses[0]));
        Assert.Throws<RecipeException>(() => RecipeReader.Parse(text.Replace($"plugins: ['{Own}']\n", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void In_a_file_the_assembly_is_looked_for_beside_it()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ArgumentException>(() => RecipeReader.Load(folder.Write("a/mine.yaml", "plugins: [bin/Mine.dll]\ndata: glyphs\nstudent: {model: mlp}")));

        Assert.Contains(folder["a", "bin", "Mine.dll"], error.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_assembly_or_holds_no_plug_in_is_refused()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("text.dll", "no assembly");

        Assert.Contains("no .NET assembly", Assert.Throws<ArgumentException>(() => PluginCatalogs.BuiltIn.WithFiles([text])).Message, StringComparison.Ordinal);
        Assert.Contains("no plug-in", Assert.Throws<ArgumentException>(() => PluginCatalogs.BuiltIn.WithFiles([typeof(TorchSharp.torch).Assembly.Location])).Message, StringComparison.Ordinal);
    }
}
