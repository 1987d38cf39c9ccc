using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using EdgeCloud.Cli.Deployment;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>watch</c>: fetches frames from a camera as the edge does from its sources, sends them to a running edge, and
/// prints what it found in each. Exit code 0: a file is over; 1: it cannot be watched.
/// </summary>
internal static class WatchCommand
{
    /// <summary>What the edge reads, too; other users of the machine cannot.</summary>
    private const string UrlVariable = "EDGE__SOURCES__0__URL";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var url = new Argument<string>("url")
        {
            Description = "rtsp://, http:// or https://, a video file, or /dev/video0. Everybody on the machine can "
                + $"read it here: left out, it is {UrlVariable} in the environment",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(UrlVariable) ?? "",
        };
        var device = new Option<string>("--device")
        {
            Description = "The device id to send under",
            DefaultValueFactory = _ => "camera",
        };
        var fps = new Option<double>("--fps")
        {
            Description = "At most so many frames a second; the edge may ask for fewer",
            DefaultValueFactory = _ => 2,
        };
        var loop = new Option<bool>("--loop") { Description = "Begin a video file again at its end" };
        var edge = Addresses.Edge("--edge");
        var command = new Command("watch", "Watch a camera, a video or a USB camera without a browser: its frames go "
            + "to the edge, and each event is a line") { url, device, fps, loop, edge };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new SourceOptions
            {
                Url = parsed.GetRequiredValue(url),
                Device = parsed.GetRequiredValue(device),
                Fps = parsed.GetValue(fps),
                Loop = parsed.GetValue(loop),
            },
            parsed.GetRequiredValue(edge), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SourceOptions options, Uri edge, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = edge, Timeout = AnswerTimeout };
        try
        {
            var checkedOptions = new SourceValidation().Validate(null, new SourceList { Sources = [options] });
            if (checkedOptions.Failed)
                throw new DeploymentException(checkedOptions.FailureMessage);
            await client.GetStringAsync("/alive", cancellationToken);
        }
        catch (DeploymentException exception)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]It cannot be watched:[/] {exception.Message}");
            return 1;
        }
        catch (HttpRequestException exception)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{edge} cannot be reached:[/] {exception.Message} {Addresses.IsItUp}");
            return 1;
        }

        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var frames = Options.Create(new FrameOptions());
        var source = new CameraSource(
            0, options,
            new SourceServices(
                new Ffmpeg(frames, TimeProvider.System).RunAsync,
                new SourceIntake(
                    new EdgeClient(client).ProcessAsync, new FrameMemory(frames), new FrameMetrics(meters),
                    TimeProvider.System),
                new SourceMetrics(meters), TimeProvider.System),
            new TerminalLogger());
        await source.RunAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return source.Status.State == SourceState.Ended ? 0 : 1;
    }

    /// <summary>Stands for the edge's pipeline: posts each frame, and prints the answer.</summary>
    private sealed class EdgeClient(HttpClient client)
    {
        private string _problem = "";

        public async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ProcessAsync(
            ReceivedFrame frame, CancellationToken cancellationToken)
        {
            var (status, retryAfter, problem) = (0, Retry, "");
            try
            {
                var capturedAt = frame.CapturedAt!.Value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
                using var body = new ByteArrayContent(frame.Jpeg.ToArray());
                body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                using var response = await client.PostAsync(
                    $"/frame?device_id={Uri.EscapeDataString(frame.DeviceId)}&captured_at={capturedAt}", body,
                    cancellationToken);
                var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                if (response.IsSuccessStatusCode && DetectionEventJson.TryRead(answer, out var found, out _))
                {
                    Console.WriteLine(Line(found));
                    _problem = "";
                    return (new AcceptedFrame(found, answer, IsSending: true), null);
                }

                (status, retryAfter) = ((int)response.StatusCode, response.Headers.RetryAfter?.Delta ?? Retry);
                problem = $"{status} {response.ReasonPhrase}";
            }
            catch (Exception exception) when (exception is HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                problem = exception.Message;
            }

            // Once, however many frames there are.
            if (_problem != problem)
                Terminal.Error.MarkupLineInterpolated($"[yellow]{client.BaseAddress} accepts no frame:[/] {problem}");
            _problem = problem;
            return (null, new FrameRejection(status, "edge", "Not accepted", problem, retryAfter));
        }

        private static string Line(DetectionEvent found)
        {
            var persons = found.PersonsDetected == 1 ? "person" : "persons";
            var scores = string.Join(' ', found.Faces.Select(face =>
                face.Conf.ToString("0.00", CultureInfo.InvariantCulture)));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{found.Timestamp.ToLocalTime():HH:mm:ss.fff} {found.DeviceId} {found.PersonsDetected} {persons} "
                + $"{scores}{(found.Unchanged == true ? " unchanged" : "")}").TrimEnd();
        }
    }

    /// <summary>What becomes of the camera, beside the events.</summary>
    private sealed class TerminalLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Terminal.Error.MarkupLineInterpolated($"{formatter(state, exception)}");
    }
}
