using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>
/// Reads an event in one pass over its JSON: every member of version 1 is checked, and what the summary needs is kept;
/// members it does not know are passed over. A tenth of the memory and half the time of an object for each face and
/// landmark, which a server that reads a whole topic at its start feels.
/// </summary>
internal static partial class DetectionEventReader
{
    /// <summary>
    /// Readers of JSON go 64 levels deep unless told otherwise, and whoever hands events on has them in a list, or in a
    /// list of an object.
    /// </summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 60 };

    /// <exception cref="JsonException">It is not an event; the message says what is wrong.</exception>
    /// <exception cref="InvalidOperationException">A string has an escape sequence that is half
    /// a character.</exception>
    public static EventSummary Read(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, Options);
        reader.Read();
        var summary = ReadEvent(ref reader);

        // Throws when something follows.
        reader.Read();
        return summary;
    }

    private static EventSummary ReadEvent(ref Utf8JsonReader reader)
    {
        string? deviceId = null;
        DateTimeOffset? timestamp = null;
        int? persons = null, faces = null;
        Guid? eventId = null;
        FrameInfo? frame = null;
        DateTimeOffset? capturedAt = null;
        long? outboxEvents = null;
        double? energyJoules = null;
        ZoneFindings? zones = null;
        var poses = 0;
        bool hasSchema = false, unchanged = false;

        Expect(reader, JsonTokenType.StartObject, "the value");
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("device_id"u8))
                deviceId = ReadDeviceId(ref reader);
            else if (reader.ValueTextEquals("timestamp"u8))
                timestamp = ReadTime(ref reader, "timestamp");
            else if (reader.ValueTextEquals("persons_detected"u8))
                persons = (int)ReadCount(ref reader, "persons_detected", 0, int.MaxValue);
            else if (reader.ValueTextEquals("faces"u8))
                faces = ReadFaces(ref reader);
            else if (reader.ValueTextEquals("event_id"u8))
                eventId = ReadEventId(ref reader);
            else if (reader.ValueTextEquals("schema"u8))
                hasSchema = ReadSchema(ref reader);
            else if (reader.ValueTextEquals("frame"u8))
                frame = ReadFrame(ref reader);
            else if (reader.ValueTextEquals("captured_at"u8))
                capturedAt = IsNull(ref reader) ? null : Time(reader, "captured_at");
            else if (reader.ValueTextEquals("poses"u8))
                poses = ReadPoses(ref reader);
            else if (reader.ValueTextEquals("unchanged"u8))
                unchanged = ReadFlag(ref reader, "unchanged");
            else if (reader.ValueTextEquals("timing_ms"u8))
                ReadTiming(ref reader);
            else if (reader.ValueTextEquals("energy_joules"u8))
                energyJoules = IsNull(ref reader) ? null : Energy(reader);
            else if (reader.ValueTextEquals("next_frame_ms"u8))
                _ = IsNull(ref reader) ? 0 : Count(reader, "next_frame_ms", 0, int.MaxValue);
            else if (reader.ValueTextEquals("outbox_events"u8))
                outboxEvents = IsNull(ref reader) ? null : Count(reader, "outbox_events", 0, long.MaxValue);
            else if (reader.ValueTextEquals("source"u8))
                ReadSource(ref reader);
            else if (reader.ValueTextEquals("zones"u8))
                zones = ReadZones(ref reader);
            else
                reader.Skip();
        }

        var summary = new EventSummary(
            deviceId ?? throw Missing("device_id"), timestamp ?? throw Missing("timestamp"),
            persons ?? throw Missing("persons_detected"), eventId, frame,
            capturedAt, outboxEvents, unchanged, faces ?? 0, poses, energyJoules, zones);

        // The first version of this pipeline, whose events name no schema, counted persons without telling of faces.
        return summary.PersonsDetected <= (faces ?? throw Missing("faces")) || !hasSchema
            ? summary
            : throw new JsonException(
                $"persons_detected is {persons} with {faces} faces; a person is counted only when a face is.");
    }

    private static string ReadDeviceId(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader, JsonTokenType.String, "device_id");
        var deviceId = reader.GetString();
        return DeviceId.IsValid(deviceId)
            ? deviceId!
            : throw new JsonException($"device_id breaks the rule: {DeviceId.Rule}");
    }

    private static Guid? ReadEventId(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return null;
        Expect(reader, JsonTokenType.String, "event_id");
        return reader.TryGetGuid(out var eventId) && eventId != Guid.Empty
            ? eventId
            : throw new JsonException("event_id is not a UUID.");
    }

    private static bool ReadSchema(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return false;
        Expect(reader, JsonTokenType.String, "schema");
        if (!reader.ValueTextEquals(DetectionEvent.CurrentSchema) && !IsMinorVersion(reader.GetString()!))
            throw new JsonException($"schema is neither {DetectionEvent.CurrentSchema} nor a minor version of it.");
        return true;

        static bool IsMinorVersion(string schema) =>
            schema.StartsWith($"{DetectionEvent.CurrentSchema}.", StringComparison.Ordinal)
            && schema.AsSpan(DetectionEvent.CurrentSchema.Length + 1) is { Length: > 0 } minor
            && !minor.ContainsAnyExceptInRange('0', '9');
    }

    private static void ReadSource(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return;
        Expect(reader, JsonTokenType.String, "source");
        if (!reader.ValueTextEquals("rtsp"u8) && !reader.ValueTextEquals("http"u8)
            && !reader.ValueTextEquals("file"u8) && !reader.ValueTextEquals("video"u8))
            throw new JsonException("source is neither rtsp, http, file nor video.");
    }

    private static double Energy(in Utf8JsonReader reader)
    {
        Expect(reader, JsonTokenType.Number, "energy_joules");
        return reader.TryGetDouble(out var joules) && double.IsFinite(joules)
            ? joules
            : throw new JsonException("energy_joules is not finite.");
    }

    private static FrameInfo? ReadFrame(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return null;
        long? sequence = null, width = null, height = null;
        Expect(reader, JsonTokenType.StartObject, "frame");
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("sequence"u8))
                sequence = ReadCount(ref reader, "frame.sequence", 0, long.MaxValue);
            else if (reader.ValueTextEquals("width"u8))
                width = ReadCount(ref reader, "frame.width", 1, int.MaxValue);
            else if (reader.ValueTextEquals("height"u8))
                height = ReadCount(ref reader, "frame.height", 1, int.MaxValue);
            else
                reader.Skip();
        }

        return new FrameInfo(
            sequence ?? throw Missing("frame.sequence"), (int)(width ?? throw Missing("frame.width")),
            (int)(height ?? throw Missing("frame.height")));
    }

    private static void ReadTiming(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return;
        bool decode = false, face = false, total = false;
        Expect(reader, JsonTokenType.StartObject, "timing_ms");
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("decode"u8))
                decode = ReadDuration(ref reader);
            else if (reader.ValueTextEquals("face"u8))
                face = ReadDuration(ref reader);
            else if (reader.ValueTextEquals("total"u8))
                total = ReadDuration(ref reader);
            else if (reader.ValueTextEquals("pose"u8))
                _ = IsNull(ref reader) || IsDuration(reader);
            else
                reader.Skip();
        }

        if (!(decode && face && total))
            throw Missing("timing_ms.decode, face or total");
    }

    private static bool ReadDuration(ref Utf8JsonReader reader)
    {
        reader.Read();
        return IsDuration(reader);
    }

    private static bool IsDuration(in Utf8JsonReader reader) =>
        Number(reader, "timing_ms") is >= 0 and < double.PositiveInfinity
            ? true
            : throw new JsonException("timing_ms has a duration that is negative or not finite.");
}
