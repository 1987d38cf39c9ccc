using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using EdgeCloud.Cli.Analysis;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>tracks</c>: the ids that the edge would give to the faces of a scene, or how often it would count that a line is
/// crossed.
/// </summary>
internal static class TracksCommand
{
    public static Command Create()
    {
        var scene = new Argument<FileInfo>("scene") { Description = "A JSON file with the faces of each frame" };
        scene.AcceptExistingOnly();
        var line = new Option<Line?>("--line")
        {
            Description = "Print how often this line is crossed instead, {\"forward\":2,\"backward\":1}: x,y,x,y of "
                + "its two points, and, where it is not to be 0.1, its hysteresis. Forward is from left to right over "
                + "one drawn downwards, such as 0.5,0,0.5,1",
            CustomParser = ParseLine,
        };
        var command = new Command("tracks", "Follow the faces of a scene as the edge does, and print the track of "
            + "each, frame by frame, in their order: [[1,2],[1,null]]") { scene, line };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(scene).FullName, parsed.GetValue(line), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, Line? line, CancellationToken cancellationToken)
    {
        try
        {
            var scene = FaceScene.Read(await File.ReadAllBytesAsync(path, cancellationToken));
            Console.WriteLine(line is null
                ? JsonSerializer.Serialize(scene.Follow())
                : JsonSerializer.Serialize(scene.Count(line), JsonSerializerOptions.Web));
            return 0;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]{path} is no scene.[/] {exception.Message}");
            return 1;
        }
    }

    private static Line? ParseLine(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        double[] numbers = [.. text.Split(',').Select(static number =>
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value : double.NaN)];
        if (numbers is not ([_, _, _, _] or [_, _, _, _, _]))
        {
            result.AddError($"--line is '{text}'; it must be x,y,x,y or x,y,x,y,hysteresis.");
            return null;
        }

        var line = new Line
        {
            Name = "line",
            From = new Point(numbers[0], numbers[1]),
            To = new Point(numbers[2], numbers[3]),
            Hysteresis = numbers.Length > 4 ? numbers[4] : null,
        };
        if (ZoneRules.Problem(new DeviceZones { Lines = [line] }) is not { } problem)
            return line;
        result.AddError($"--line is '{text}': {problem}");
        return null;
    }
}
