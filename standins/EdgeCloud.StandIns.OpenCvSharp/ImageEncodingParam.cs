namespace OpenCvSharp;

/// <summary>A parameter for <see cref="Cv2.ImEncode(string, InputArray, out byte[], ImageEncodingParam[])"/>.</summary>
public record ImageEncodingParam
{
    /// <summary>A parameter and its value.</summary>
    public ImageEncodingParam(ImwriteFlags id, int value) => (EncodingId, Value) = (id, value);

    /// <summary>Which one.</summary>
    public ImwriteFlags EncodingId { get; }

    /// <summary>Its value.</summary>
    public int Value { get; }
}
