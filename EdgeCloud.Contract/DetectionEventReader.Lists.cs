using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>Faces and poses: checked, and nothing of them kept but the number of faces.</summary>
internal static partial class DetectionEventReader
{
    /// <summary>Boxes may reach beyond the frame, but not this many frames beyond it.</summary>
    public const double FarthestBox = 10;

    /// <summary>
    /// Frames, or metres. The pose is completed beyond the frame: when a face fills it, the feet are
    /// some eight frames below.
    /// </summary>
    public const double FarthestLandmark = 100;

    private static int ReadFaces(ref Utf8JsonReader reader)
    {
        var count = 0;
        reader.Read();
        Expect(reader, JsonTokenType.StartArray, "faces");
        while (NextElement(ref reader))
            ReadFace(ref reader, count++);
        return count;
    }

    private static void ReadFace(ref Utf8JsonReader reader, int index)
    {
        double? conf = null, xmin = null, ymin = null, width = null, height = null;
        Expect(reader, JsonTokenType.StartObject, "faces", index);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("conf"u8))
                conf = ReadNumber(ref reader, "conf");
            else if (reader.ValueTextEquals("xmin"u8))
                xmin = ReadNumber(ref reader, "xmin");
            else if (reader.ValueTextEquals("ymin"u8))
                ymin = ReadNumber(ref reader, "ymin");
            else if (reader.ValueTextEquals("width"u8))
                width = ReadNumber(ref reader, "width");
            else if (reader.ValueTextEquals("height"u8))
                height = ReadNumber(ref reader, "height");
            else if (reader.ValueTextEquals("keypoints"u8))
                ReadKeypoints(ref reader, index);
            else if (reader.ValueTextEquals("model"u8))
                ReadFaceModel(ref reader, index);
            else if (reader.ValueTextEquals("track_id"u8))
                _ = IsNull(ref reader) ? 0 : Count(reader, "track_id", 1, long.MaxValue);
            else
                reader.Skip();
        }

        RequireProbability(conf, "faces", index);
        if (!(Near(xmin) && Near(ymin) && Near(width) && Near(height) && width >= 0 && height >= 0))
            throw new JsonException(
                $"faces[{index}] has a box that is incomplete, not finite or lies far outside the frame.");

        static bool Near(double? coordinate) => coordinate is >= -FarthestBox and <= FarthestBox;
    }

    private static void ReadFaceModel(ref Utf8JsonReader reader, int face)
    {
        if (IsNull(ref reader))
            return;
        Expect(reader, JsonTokenType.String, "model");
        if (!reader.ValueTextEquals("short"u8) && !reader.ValueTextEquals("full"u8))
            throw new JsonException($"faces[{face}].model is neither short nor full.");
    }

    private static void ReadKeypoints(ref Utf8JsonReader reader, int face)
    {
        if (IsNull(ref reader))
            return;
        var found = 0;
        Expect(reader, JsonTokenType.StartObject, "keypoints");
        while (NextMember(ref reader))
        {
            if (KeypointBit(reader) is not 0 and var bit)
            {
                found |= bit;
                reader.Read();
                ReadNumbers(ref reader, 2, FarthestBox, "keypoints of faces", face);
            }
            else
            {
                reader.Skip();
            }
        }

        if (found != 0b111111)
            throw new JsonException($"faces[{face}].keypoints lacks one of the six.");
    }

    private static int KeypointBit(in Utf8JsonReader name) =>
        name.ValueTextEquals("right_eye"u8) ? 1
        : name.ValueTextEquals("left_eye"u8) ? 2
        : name.ValueTextEquals("nose_tip"u8) ? 4
        : name.ValueTextEquals("mouth_center"u8) ? 8
        : name.ValueTextEquals("right_ear_tragion"u8) ? 16
        : name.ValueTextEquals("left_ear_tragion"u8) ? 32
        : 0;

    private static int ReadPoses(ref Utf8JsonReader reader)
    {
        if (IsNull(ref reader))
            return 0;
        var count = 0;
        Expect(reader, JsonTokenType.StartArray, "poses");
        while (NextElement(ref reader))
            ReadPose(ref reader, count++);
        return count;
    }

    private static void ReadPose(ref Utf8JsonReader reader, int index)
    {
        double? conf = null;
        bool confirmed = false, landmarks = false;
        Expect(reader, JsonTokenType.StartObject, "poses", index);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("conf"u8))
            {
                conf = ReadNumber(ref reader, "conf");
            }
            else if (reader.ValueTextEquals("confirmed_by_face"u8))
            {
                reader.Read();
                confirmed = reader.TokenType is JsonTokenType.True or JsonTokenType.False
                    ? true
                    : throw new JsonException($"poses[{index}].confirmed_by_face is not a boolean.");
            }
            else if (reader.ValueTextEquals("landmarks"u8))
            {
                reader.Read();
                ReadLandmarks(ref reader, 4, "landmarks of poses", index);
                landmarks = true;
            }
            else if (reader.ValueTextEquals("world_landmarks"u8))
            {
                if (!IsNull(ref reader))
                    ReadLandmarks(ref reader, 3, "world_landmarks of poses", index);
            }
            else
            {
                reader.Skip();
            }
        }

        RequireProbability(conf, "poses", index);
        if (!confirmed || !landmarks)
            throw Missing($"poses[{index}].confirmed_by_face or landmarks");
    }

    private static void ReadLandmarks(ref Utf8JsonReader reader, int numbers, string what, int index)
    {
        Expect(reader, JsonTokenType.StartArray, what, index);
        while (NextElement(ref reader))
        {
            // The fourth number of a landmark is its visibility.
            if (ReadNumbers(ref reader, numbers, FarthestLandmark, what, index) is var last
                && numbers == 4 && last is < 0 or > 1)
                throw new JsonException($"the {what}[{index}] have a visibility of {last}; it must lie in 0..1.");
        }
    }

    /// <returns>The last of them, as <see cref="InRange"/> gives it.</returns>
    private static double ReadNumbers(ref Utf8JsonReader reader, int count, double farthest, string what, int index)
    {
        var number = double.NaN;
        var ok = reader.TokenType == JsonTokenType.StartArray;
        for (var i = 0; ok && i < count; i++)
            ok = reader.Read()
                && reader.TokenType == JsonTokenType.Number && Math.Abs(number = InRange(reader)) <= farthest;
        return ok && reader.Read() && reader.TokenType == JsonTokenType.EndArray
            ? number
            : throw new JsonException($"each of the {what}[{index}] must be an array of {count} finite numbers, "
                + $"none beyond {farthest} either way.");
    }
}
