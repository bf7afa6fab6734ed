using DistillSharp.Tasks.Native;

namespace DistillSharp.Runtime.Native;

/// <summary>
/// ONNX Runtime's own telemetry, which its official builds have on: it writes a device id and a queue of events to the user's cache folder and sends them to Microsoft. This library
/// turns it off before ONNX Runtime starts. To turn it on, set the variable ORT_DISABLE_TELEMETRY to 0, or <see cref="IsEnabled"/> to true.
/// </summary>
public static class SessionTelemetry
{
    private static readonly Lock s_gate = new();
    private static readonly string[] s_on = ["0", "false", "no", "off"];
    private static bool s_enabled, s_settled;

    /// <summary>The variable that ONNX Runtime reads when it starts. If the user sets it, that decides: 0, false, no and off turn telemetry on, everything else turns it off.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>
    /// Whether ONNX Runtime may send telemetry. Default false. Set it before the first model is opened; the user's own <see cref="Variable"/> wins over it.
    /// </summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime has started already with the other setting.</exception>
    public static bool IsEnabled
    {
        get
        {
            lock (s_gate)
            {
                return s_enabled;
            }
        }

        set
        {
            lock (s_gate)
            {
                if (s_settled && value != s_enabled)
                {
                    throw new InvalidOperationException($"ONNX Runtime has started with telemetry {(s_enabled ? "on" : "off")}, and that is fixed until the process ends. Set SessionTelemetry.IsEnabled before the first model is opened.");
                }

                s_enabled = value;
            }
        }
    }

    /// <summary>Hands the choice to ONNX Runtime, which reads it once, when it starts.</summary>
    internal static void Settle()
    {
        lock (s_gate)
        {
            if (s_settled)
            {
                return;
            }

            // .NET's view comes first: a program may have set the variable in code, which native libraries do not see.
            string? chosen = Environment.GetEnvironmentVariable(Variable) ?? NativeEnvironment.Get(Variable);
            s_enabled = Choose(chosen, s_enabled);
            NativeEnvironment.Set(Variable, s_enabled ? "0" : "1");
            s_settled = true;
        }
    }

    /// <summary>Whether telemetry is on.</summary>
    /// <param name="variable">The user's <see cref="Variable"/>; null or blank where it is not set.</param>
    /// <param name="asked">The program's <see cref="IsEnabled"/>.</param>
    internal static bool Choose(string? variable, bool asked) => string.IsNullOrWhiteSpace(variable) ? asked : s_on.Contains(variable.Trim(), StringComparer.OrdinalIgnoreCase);
}
