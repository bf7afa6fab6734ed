using System.Reflection;
using System.Text;

namespace DistillSharp.Recipes;

/// <summary>How properties and words are named in a recipe: <c>LearningRate</c> is <c>learning-rate</c>, <c>Avx2Unsigned</c> is <c>avx2-unsigned</c>.</summary>
internal static class RecipeNames
{
    public static string Of(string property)
    {
        var name = new StringBuilder();
        foreach (char c in property)
        {
            if (char.IsUpper(c) && name.Length > 0)
            {
                name.Append('-');
            }

            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }

    /// <summary>What of a record can be set in a recipe, in the order it is declared; of a model's options only its own.</summary>
    public static IReadOnlyList<PropertyInfo> Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && property.DeclaringType != typeof(Graph.Zoo.ModelOptions))];
}
