using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>Zones and lines, which are kept: the server counts by them.</summary>
internal static partial class DetectionEventReader
{
    private static ZoneFindings? ReadZones(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return null;
        List<ZoneOccupancy>? occupancy = null;
        List<LineCrossing>? crossings = null;
        Expect(reader, JsonTokenType.StartObject, "zones");
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("occupancy"u8))
            {
                occupancy = [];
                reader.Read();
                Expect(reader, JsonTokenType.StartArray, "zones.occupancy");
                while (NextElement(ref reader))
                    occupancy.Add(ReadOccupancy(ref reader, occupancy.Count));
            }
            else if (reader.ValueTextEquals("crossings"u8))
            {
                crossings = [];
                reader.Read();
                Expect(reader, JsonTokenType.StartArray, "zones.crossings");
                while (NextElement(ref reader))
                    crossings.Add(ReadCrossing(ref reader, crossings.Count));
            }
            else
            {
                reader.Skip();
            }
        }

        return new ZoneFindings
        {
            Occupancy = occupancy ?? throw Missing("zones.occupancy"),
            Crossings = crossings ?? throw Missing("zones.crossings"),
        };
    }

    private static ZoneOccupancy ReadOccupancy(ref Utf8JsonReader reader, int index)
    {
        string? zone = null;
        long? persons = null;
        Expect(reader, JsonTokenType.StartObject, "zones.occupancy", index);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("zone"u8))
                zone = ReadZoneName(ref reader, "zones.occupancy", "zone", index);
            else if (reader.ValueTextEquals("persons"u8))
                persons = ReadCount(ref reader, "persons of zones.occupancy", 0, int.MaxValue);
            else
                reader.Skip();
        }

        return zone is not null && persons is { } number
            ? new ZoneOccupancy(zone, (int)number)
            : throw Missing($"zones.occupancy[{index}].zone or persons");
    }

    private static LineCrossing ReadCrossing(ref Utf8JsonReader reader, int index)
    {
        string? line = null;
        long? track = null;
        CrossingDirection? direction = null;
        Expect(reader, JsonTokenType.StartObject, "zones.crossings", index);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("line"u8))
                line = ReadZoneName(ref reader, "zones.crossings", "line", index);
            else if (reader.ValueTextEquals("direction"u8))
                direction = ReadDirection(ref reader, index);
            else if (reader.ValueTextEquals("track_id"u8))
                track = ReadCount(ref reader, "track_id of zones.crossings", 1, long.MaxValue);
            else
                reader.Skip();
        }

        return line is not null && direction is { } known && track is { } id
            ? new LineCrossing(line, known, id)
            : throw Missing($"zones.crossings[{index}].line, direction or track_id");
    }

    private static CrossingDirection ReadDirection(ref Utf8JsonReader reader, int index)
    {
        reader.Read();
        Expect(reader, JsonTokenType.String, "direction of zones.crossings", index);
        return reader.ValueTextEquals("forward"u8) ? CrossingDirection.Forward
            : reader.ValueTextEquals("backward"u8) ? CrossingDirection.Backward
            : throw new JsonException($"zones.crossings[{index}].direction is neither forward nor backward.");
    }

    private static string ReadZoneName(ref Utf8JsonReader reader, string list, string member, int index)
    {
        reader.Read();
        Expect(reader, JsonTokenType.String, $"{member} of {list}", index);
        var name = reader.GetString();
        return ZoneName.IsValid(name)
            ? name!
            : throw new JsonException($"{list}[{index}].{member} breaks the rule: {ZoneName.Rule}");
    }
}
