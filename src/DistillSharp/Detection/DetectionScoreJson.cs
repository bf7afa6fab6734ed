using System.Text;
using System.Text.Json;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Detection;

/// <summary>A detector's score as JSON.</summary>
public static class DetectionScoreJson
{
    /// <summary>Writes the score.</summary>
    /// <param name="data">The data set's name.</param>
    /// <param name="evaluation">The score and the speed.</param>
    /// <param name="names">The classes' names.</param>
    public static string Of(string data, DetectionEvaluation evaluation, IReadOnlyList<string> names)
    {
        var score = evaluation.Score;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("data", data);
            json.WriteNumber("images", score.Images);
            json.WriteNumber("instances", score.Instances);
            json.WriteNumber("precision", score.Precision);
            json.WriteNumber("recall", score.Recall);
            json.WriteString("mAP_method", DetectionScore.MapMethod);
            json.WriteNumber("mAP50", score.Map50);
            json.WriteNumber("mAP75", score.Map75);
            json.WriteNumber("mAP50-95", score.Map);
            json.WriteNumber("fitness", score.Fitness);
            json.WriteNumber("best_confidence", score.BestConfidence);
            json.WriteStartObject("speed_ms");
            json.WriteNumber("preprocess", evaluation.Speed.Preprocess);
            json.WriteNumber("inference", evaluation.Speed.Inference);
            json.WriteNumber("postprocess", evaluation.Speed.Postprocess);
            json.WriteEndObject();
            json.WriteStartArray("classes");
            foreach (var one in score.Classes)
            {
                json.WriteStartObject();
                json.WriteNumber("class", one.ClassIndex);
                json.WriteString("name", names[one.ClassIndex]);
                json.WriteNumber("images", one.Images);
                json.WriteNumber("instances", one.Instances);
                json.WriteNumber("precision", one.Precision);
                json.WriteNumber("recall", one.Recall);
                json.WriteNumber("f1", one.F1);
                json.WriteNumber("mAP50", one.Ap50);
                json.WriteNumber("mAP50-95", one.Ap);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
