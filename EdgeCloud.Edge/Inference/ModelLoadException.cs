namespace EdgeCloud.Edge.Inference;

/// <summary>A model cannot be loaded; the message names the file and what to do.</summary>
internal sealed class ModelLoadException(string message, Exception? inner = null) : Exception(message, inner);
