namespace EdgeCloud.ModelConverter.Errors;

/// <summary>
/// The file cannot be converted: it is not TFLite, damaged, or asks for something the converter does not know. The
/// message is one line that says what and, where there is something to be done, what to do; it does not name the file.
/// </summary>
public sealed class ModelConversionException(string message) : Exception(message);
