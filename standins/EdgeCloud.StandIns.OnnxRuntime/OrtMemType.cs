namespace Microsoft.ML.OnnxRuntime;

/// <summary>What memory is for, as seen from an execution provider.</summary>
public enum OrtMemType
{
    /// <summary>The provider's own.</summary>
    Default = 0,
}
