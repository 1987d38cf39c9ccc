using System.Globalization;
using System.Text.Json;

namespace EdgeCloud.Tests.Edge.Sources;

/// <summary>An edge with sources, Kafka being away, so that events stay in its outbox.</summary>
internal sealed class SourceScene : IAsyncDisposable
{
    private readonly EdgeApplication _edge;

    public SourceScene(params (string Key, string Value)[] settings)
        : this("127.0.0.1:1", settings)
    {
    }

    public SourceScene(string bootstrapServers, params (string Key, string Value)[] settings)
    {
        ChildProcess.KeepOpenFiles();
        _edge = new EdgeApplication(bootstrapServers, settings.ToDictionary(
            setting => setting.Key, string? (setting) => setting.Value)
            .Append(new("Edge:Frames:FrameFile", "")).Append(new("Edge:Inference:Pose", "Off")).ToDictionary())
        {
            Logs = Logs,
        };
        Client = _edge.CreateClient();
    }

    public HttpClient Client { get; }

    public FakeLogCollector Logs { get; } = new();

    /// <param name="edge">The process of the edge.</param>
    /// <param name="argument">In the command line.</param>
    /// <returns>What it has started for its sources.</returns>
    public static int[] Ffmpegs(int edge, string argument = "image2pipe") =>
    [
        .. from folder in Directory.GetDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
           where Read(folder, "cmdline") is var command && command.StartsWith("ffmpeg\0", StringComparison.Ordinal)
               && command.Contains(argument, StringComparison.Ordinal)
           where Read(folder, "status").Contains($"PPid:\t{edge}\n", StringComparison.Ordinal)
           select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
    ];

    /// <returns>Empty when the process is gone.</returns>
    public static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async Task<JsonElement> SourceAsync(int id = 0)
    {
        using var answer = JsonDocument.Parse(await Client.GetStringAsync("/sources"));
        return answer.RootElement.GetProperty("sources")[id].Clone();
    }

    public Task StateIsAsync(string state, int id = 0) => Eventually.HoldsAsync(
        async () => (await SourceAsync(id)).GetProperty("state").GetString() == state, $"source {id} is {state}");

    public Task PersonIsSeenAsync(string device) => Eventually.HoldsAsync(
        async () => await Client.GetAsync($"/boxes?device_id={device}") is { IsSuccessStatusCode: true } found
            && (await found.EventAsync()).GetProperty("persons_detected").GetInt32() == 1,
        $"{device} shows a person");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _edge.DisposeAsync();
    }
}
