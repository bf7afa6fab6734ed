using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Reports;

/// <summary>How reports are written as JSON.</summary>
internal static class ReportJson
{
    /// <summary>Names in snake case, infinities and answers by name, null only where it is allowed.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
