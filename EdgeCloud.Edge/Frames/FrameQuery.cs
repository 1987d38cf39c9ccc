using Microsoft.AspNetCore.WebUtilities;

namespace EdgeCloud.Edge.Frames;

/// <summary>The query of POST /frame; null where a parameter is not there.</summary>
internal readonly record struct FrameQuery(string? DeviceId, string? CapturedAt, FrameDetail Detail)
{
    public const string DetailParameter = "detail";

    public const string NormalDetail = "normal";

    public const string HighDetail = "high";

    /// <summary>Reads it where it stands: the framework's collection of it takes half a kilobyte.</summary>
    /// <param name="query">As it was received.</param>
    /// <param name="isOfJpeg">Whether it has what JSON has in the body, which is ignored with JSON.</param>
    /// <param name="parameters">When the result is null.</param>
    public static FrameRejection? TryRead(QueryString query, bool isOfJpeg, out FrameQuery parameters)
    {
        string? deviceId = null, capturedAt = null, detail = null;
        parameters = default;
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            var name = parameter.DecodeName().Span;
            var isNew = true;
            if (isOfJpeg && Is(name, "device_id"))
                isNew = Set(ref deviceId, parameter);
            else if (isOfJpeg && Is(name, "captured_at"))
                isNew = Set(ref capturedAt, parameter);
            else if (Is(name, DetailParameter))
                isNew = Set(ref detail, parameter);
            if (!isNew)
                return FrameRejection.RepeatedParameter();
        }

        if (detail is not (null or NormalDetail or HighDetail))
            return FrameRejection.InvalidDetail(detail);
        parameters = new FrameQuery(
            deviceId, capturedAt, detail == HighDetail ? FrameDetail.High : FrameDetail.Normal);
        return null;
    }

    private static bool Is(ReadOnlySpan<char> name, string parameter) =>
        name.Equals(parameter, StringComparison.OrdinalIgnoreCase);

    private static bool Set(ref string? value, in QueryStringEnumerable.EncodedNameValuePair parameter)
    {
        var isNew = value is null;
        value = parameter.DecodeValue().ToString();
        return isNew;
    }
}
