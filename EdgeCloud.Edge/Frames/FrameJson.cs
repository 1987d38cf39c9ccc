using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Motion;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The JSON forms of a frame. Read by hand because of the one large member: the Base64 text is decoded where it stands,
/// so the picture is neither copied nor turned into a string. Unknown members are ignored.
/// </summary>
internal static class FrameJson
{
    /// <param name="buffer">The body, which the frame takes over on success; its content is overwritten.</param>
    /// <param name="defaultDeviceId">For a body that names no device.</param>
    public static (ReceivedFrame? Frame, FrameRejection? Rejection) Read(FrameBuffer buffer, string defaultDeviceId)
    {
        var body = buffer.Span;
        if (!TryScan(body, hasImage: true, out var members, out var problem))
            return (null, FrameRejection.InvalidJson(problem));
        if (members.Image is not { } encoded)
            return (null, FrameRejection.InvalidJson("The member 'image' is missing."));

        var (start, size) = encoded.GetOffsetAndLength(body.Length);
        return DataUrl.TryDecodeInPlace(body.Slice(start, size), out var length)
            ? ReceivedFrame.Create(
                buffer, start..(start + length), members.DeviceId ?? defaultDeviceId, members.CapturedAt)
            : (null, FrameRejection.InvalidBase64());
    }

    /// <summary>The same for a frame without its picture.</summary>
    public static (ReceivedFrame? Frame, FrameRejection? Rejection) ReadUnchanged(
        FrameBuffer buffer, string defaultDeviceId)
    {
        if (!TryScan(buffer.Span, hasImage: false, out var members, out var problem))
            return (null, FrameRejection.InvalidJson(problem));
        return members.Sequence is { } sequence
            ? ReceivedFrame.Create(
                buffer, 0..0, members.DeviceId ?? defaultDeviceId, members.CapturedAt,
                new FrameReference(sequence, members.EventId))
            : (null, FrameRejection.InvalidJson("The member 'sequence' is missing."));
    }

    private static bool TryScan(
        Span<byte> body, bool hasImage, out Members members, [NotNullWhen(false)] out string? problem)
    {
        // A byte-order mark, which some editors and shells write, is passed over (RFC 8259, 8.1).
        if (body.StartsWith("\uFEFF"u8))
            body[..3].Fill((byte)' ');
        (members, problem) = (default, null);
        try
        {
            members = Scan(body, hasImage);
        }
        catch (JsonException exception)
        {
            problem = $"The body is not JSON: {JsonProblem.Describe(exception)}";
        }
        catch (InvalidOperationException)
        {
            problem = "The body has text that is not UTF-8.";
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }

        return problem is null;
    }

    private static Members Scan(Span<byte> body, bool hasImage)
    {
        var members = default(Members);
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException(
                $"The body must be a JSON object with the member '{(hasImage ? "image" : "sequence")}'.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (hasImage && reader.ValueTextEquals("image"u8))
                members.Image = members.Image is null ? Unescaped(ref reader, body) : throw Repeated("image");
            else if (!hasImage && reader.ValueTextEquals("sequence"u8))
                members.Sequence = members.Sequence is null ? Number(ref reader) : throw Repeated("sequence");
            else if (!hasImage && reader.ValueTextEquals("event_id"u8))
                members.EventId = members.EventId is null ? Id(ref reader) : throw Repeated("event_id");
            else if (reader.ValueTextEquals("device_id"u8))
                members.DeviceId =
                    members.DeviceId is null ? Text(ref reader, "device_id") : throw Repeated("device_id");
            else if (reader.ValueTextEquals("captured_at"u8))
                members.CapturedAt =
                    members.CapturedAt is null ? Text(ref reader, "captured_at") : throw Repeated("captured_at");
            else
                reader.Skip();
        }

        // Whatever follows the object is an error, which this last read reports.
        reader.Read();
        return members;
    }

    private static FormatException Repeated(string member) => new($"The member '{member}' is there twice.");

    private static string? Text(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null
            ? reader.GetString()
            : throw new FormatException($"The member '{member}' must be a string.");
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 1
            ? number
            : throw new FormatException("The member 'sequence' must be a whole number from 1.");
    }

    private static Guid? Id(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String when reader.TryGetGuid(out var id) => id,
            _ => throw new FormatException("The member 'event_id' must be the id of an event."),
        };
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

    /// <summary>What either form may have; null where it is not there.</summary>
    private record struct Members
    {
        public Range? Image { get; set; }
        public string? DeviceId { get; set; }
        public string? CapturedAt { get; set; }
        public long? Sequence { get; set; }
        public Guid? EventId { get; set; }
    }
}
