using System.CommandLine;
using System.Text.Json;
using EdgeCloud.Cli.Analysis;
using EdgeCloud.Edge.Tracking;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>tracks</c>: the ids that the edge would give to the faces of a scene.</summary>
internal static class TracksCommand
{
    public static Command Create()
    {
        var scene = new Argument<FileInfo>("scene") { Description = "A JSON file with the faces of each frame" };
        scene.AcceptExistingOnly();
        var command = new Command("tracks", "Follow the faces of a scene as the edge does, and print the track of "
            + "each, frame by frame, in their order: [[1,2],[1,null]]") { scene };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(scene).FullName, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var scene = FaceScene.Read(await File.ReadAllBytesAsync(path, cancellationToken));
            var tracker = new FaceTracker();
            Console.WriteLine(JsonSerializer.Serialize(scene.Frames.Select(frame =>
                tracker.Follow("scene", frame.Time, scene.Size, frame.Faces))));
            return 0;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]{path} is no scene.[/] {exception.Message}");
            return 1;
        }
    }
}
