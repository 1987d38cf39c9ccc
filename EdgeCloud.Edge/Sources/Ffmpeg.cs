using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Sources;

/// <summary>Gets a frame, a JPEG that is valid until this is done.</summary>
internal delegate ValueTask TakeFrame(ReadOnlySequence<byte> jpeg);

/// <summary>Fetches frames until there are no more.</summary>
/// <param name="request">What to fetch.</param>
/// <param name="take">Gets each of them.</param>
/// <param name="cancellationToken">Ends it.</param>
internal delegate Task<FetchEnd> FetchFrames(
    FetchRequest request, TakeFrame take, CancellationToken cancellationToken);

/// <param name="Address">Of the source.</param>
/// <param name="Options">Likewise.</param>
/// <param name="IsUdpFirst">RTSP over UDP before TCP.</param>
internal sealed record FetchRequest(SourceAddress Address, SourceOptions Options, bool IsUdpFirst);

/// <summary>Why there are no more frames.</summary>
internal enum FetchResult
{
    /// <summary>The file, picture or stream is over.</summary>
    Ended,

    /// <summary>No frame came for too long.</summary>
    Hung,

    Failed,

    /// <summary>There is no ffmpeg.</summary>
    Missing,
}

/// <param name="Result">Why it ended.</param>
/// <param name="Frames">How many there were.</param>
/// <param name="Reason">The same in words, without secrets.</param>
internal sealed record FetchEnd(FetchResult Result, long Frames, string Reason);

/// <summary>Fetches frames with ffmpeg as a process, which is killed when they stop coming.</summary>
internal sealed class Ffmpeg(IOptions<FrameOptions> frames, TimeProvider time)
{
    private const string MissingReason = "ffmpeg is not installed, or not in PATH: install the package ffmpeg.";
    private const int MaxReason = 200;

    public async Task<FetchEnd> RunAsync(
        FetchRequest request, TakeFrame take, CancellationToken cancellationToken)
    {
        var timeout = request.Options.Timeout + request.Options.Interval;
        using var process = new Process { StartInfo = FfmpegCommand.Start(request.Address, request.Options) };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new FetchEnd(FetchResult.Missing, 0, MissingReason);
        }

        using var hung = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, hung.Token);

        // A pipe is not read asynchronously everywhere; without its writer the reading ends by itself.
        await using var kill = ended.Token.UnsafeRegister(static process => Kill((Process)process!), process);
        var said = "";
        process.ErrorDataReceived += (_, line) => said = line.Data is { Length: > 0 } text ? text : said;
        process.BeginErrorReadLine();
        var count = 0L;
        string? problem = null;
        var isOver = false;
        try
        {
            await SendAsync(
                process.StandardInput, FfmpegCommand.Script(request.Address, request.IsUdpFirst, 2 * timeout));
            var splitter = new JpegSplitter(frames.Value.MaxBodyBytes);
            var output = process.StandardOutput.BaseStream;
            while (await output.ReadAsync(splitter.Chunk, CancellationToken.None) is > 0 and var read)
            {
                splitter.Added(read);
                while (splitter.TryTake(out var jpeg))
                {
                    count++;
                    hung.CancelAfter(Timeout.InfiniteTimeSpan);
                    await take(jpeg);
                    hung.CancelAfter(timeout);
                }
            }

            isOver = true;
        }
        catch (InvalidDataException exception)
        {
            problem = exception.Message;
        }
        finally
        {
            // Whatever has happened, none is left behind.
            if (!isOver)
                Kill(process);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        return problem is not null ? new FetchEnd(FetchResult.Failed, count, problem)
            : hung.IsCancellationRequested ? new FetchEnd(FetchResult.Hung, count, Silent(timeout))
            : new FetchEnd(
                process.ExitCode == 0 ? FetchResult.Ended : FetchResult.Failed, count, Words(request.Address, said));
    }

    private static async Task SendAsync(StreamWriter input, string script)
    {
        try
        {
            await input.WriteAsync(script);
            input.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why.
        }
    }

    private static string Silent(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"No frame came for {timeout.TotalSeconds:0.#} s.");

    private static string Words(SourceAddress address, string said) => address.Scrub(said) switch
    {
        "" => "The stream ended.",
        { Length: > MaxReason } words => words[..MaxReason],
        var words => words,
    };

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
