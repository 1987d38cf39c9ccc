using System.Runtime.InteropServices;

namespace EdgeCloud.Edge.Inference;

/// <summary>What ONNX Runtime tells its makers, on Linux too, unless it is told not to.</summary>
internal static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>
    /// Must come before anything else of ONNX Runtime, which reads the variable once. OrtEnv.DisableTelemetryEvents
    /// comes too late: by then there are a device id and a database of events in the user's cache.
    /// </summary>
    public static void SwitchOff()
    {
        Environment.SetEnvironmentVariable(Variable, "1");

        // On Unix that is .NET's own copy of the environment, which native code does not see.
        if (!OperatingSystem.IsWindows())
            _ = SetVariable(Variable, "1", overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
