using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The JSON form of a frame, read by hand because of its one large member: the Base64 text is decoded where it stands,
/// so the picture is neither copied nor turned into a string. Unknown members are ignored.
/// </summary>
internal static class FrameJson
{
    /// <param name="buffer">The body, which the frame takes over on success; its content is overwritten.</param>
    /// <param name="defaultDeviceId">For a body that names no device.</param>
    public static (ReceivedFrame? Frame, FrameRejection? Rejection) Read(FrameBuffer buffer, string defaultDeviceId)
    {
        var body = buffer.Span;

        // A byte-order mark, which some editors and shells write, is passed over (RFC 8259, 8.1).
        if (body.StartsWith("\uFEFF"u8))
            body[..3].Fill((byte)' ');
        Range? image;
        string? deviceId;
        string? capturedAtText;
        try
        {
            (image, deviceId, capturedAtText) = Scan(body);
        }
        catch (JsonException exception)
        {
            return (null, FrameRejection.InvalidJson($"The body is not JSON: {JsonProblem.Describe(exception)}"));
        }
        catch (InvalidOperationException)
        {
            return (null, FrameRejection.InvalidJson("The body has text that is not UTF-8."));
        }
        catch (FormatException exception)
        {
            return (null, FrameRejection.InvalidJson(exception.Message));
        }

        if (image is not { } encoded)
            return (null, FrameRejection.InvalidJson("The member 'image' is missing."));

        var (start, size) = encoded.GetOffsetAndLength(body.Length);
        return DataUrl.TryDecodeInPlace(body.Slice(start, size), out var length)
            ? ReceivedFrame.Create(buffer, start..(start + length), deviceId ?? defaultDeviceId, capturedAtText)
            : (null, FrameRejection.InvalidBase64());
    }

    private static (Range? Image, string? DeviceId, string? CapturedAt) Scan(Span<byte> body)
    {
        Range? image = null;
        string? deviceId = null;
        string? capturedAt = null;
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("The body must be a JSON object with the member 'image'.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("image"u8))
                image = image is null ? Unescaped(ref reader, body) : throw Repeated("image");
            else if (reader.ValueTextEquals("device_id"u8))
                deviceId = deviceId is null ? Text(ref reader, "device_id") : throw Repeated("device_id");
            else if (reader.ValueTextEquals("captured_at"u8))
                capturedAt = capturedAt is null ? Text(ref reader, "captured_at") : throw Repeated("captured_at");
            else
                reader.Skip();
        }

        // Whatever follows the object is an error, which this last read reports.
        reader.Read();
        return (image, deviceId, capturedAt);
    }

    private static FormatException Repeated(string member) => new($"The member '{member}' is there twice.");

    private static string? Text(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null
            ? reader.GetString()
            : throw new FormatException($"The member '{member}' must be a string.");
    }

    /// <summary>
    /// Where the image's text stands in the body, its escapes resolved in place: some encoders write
    /// / as \/ and + as \u002B.
    /// </summary>
    private static unsafe Range Unescaped(ref Utf8JsonReader reader, Span<byte> body)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
            throw new FormatException("The member 'image' must be a string.");

        var start = (int)reader.TokenStartIndex + 1;
        if (!reader.ValueIsEscaped)
            return start..(start + reader.ValueSpan.Length);

        var unescaped = (byte*)NativeMemory.Alloc((nuint)reader.ValueSpan.Length);
        try
        {
            var length = reader.CopyString(new Span<byte>(unescaped, reader.ValueSpan.Length));
            new Span<byte>(unescaped, length).CopyTo(body[start..]);
            return start..(start + length);
        }
        finally
        {
            NativeMemory.Free(unescaped);
        }
    }
}
