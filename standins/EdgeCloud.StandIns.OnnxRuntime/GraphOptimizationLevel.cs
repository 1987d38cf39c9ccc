namespace Microsoft.ML.OnnxRuntime;

/// <summary>How far a graph is rewritten when a session loads it.</summary>
public enum GraphOptimizationLevel
{
    /// <summary>As the model is.</summary>
    ORT_DISABLE_ALL = 0,

    /// <summary>Constant folding and removal of redundant nodes.</summary>
    ORT_ENABLE_BASIC = 1,

    /// <summary>Basic, and fusions of nodes.</summary>
    ORT_ENABLE_EXTENDED = 2,

    /// <summary>Extended, and changes of memory layout.</summary>
    ORT_ENABLE_LAYOUT = 3,

    /// <summary>Everything there is; the default.</summary>
    ORT_ENABLE_ALL = 99,
}
