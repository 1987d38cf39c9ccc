using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Fuzzing;

/// <summary>The system under test: takes inputs, and says how it is.</summary>
internal sealed class FuzzTarget : IDisposable
{
    private const string MemoryMetric = "dotnet_process_memory_working_set_bytes";
    private const int EventsLookedAt = 200;

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(10);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FuzzPlan _plan;
    private readonly HttpClient _edge;
    private readonly HttpClient _server;
    private readonly IProducer<byte[]?, byte[]?>? _producer;

    public FuzzTarget(FuzzPlan plan)
    {
        _plan = plan;
        _edge = new HttpClient { BaseAddress = plan.Edge, Timeout = ReplyTimeout };
        _server = new HttpClient { BaseAddress = plan.Server, Timeout = ReplyTimeout };
        _producer = plan.Kafka is null ? null : new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = plan.Kafka, Acks = Acks.All, EnableIdempotence = true, LingerMs = 1 }).SetLogHandler(static (_, _) => { }).Build();
    }

    /// <exception cref="OperationCanceledException">No reply in time, or cancelled.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The edge is gone.</exception>
    public async Task<RawReply?> SendAsync(RequestInput request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReplyTimeout);
        return await RawHttp.ExchangeAsync(_plan.Edge, request.Bytes, timeout.Token);
    }

    /// <returns>False for a message larger than Kafka takes.</returns>
    public async Task<bool> SendAsync(ValueInput message, CancellationToken cancellationToken)
    {
        try
        {
            await _producer!.ProduceAsync(DetectionTopic.Name, new Message<byte[]?, byte[]?> { Key = message.Key, Value = message.Value }, cancellationToken);
            return true;
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            return false;
        }
    }

    /// <summary>How many messages the server has dealt with, one way or another.</summary>
    public async Task<long> DealtWithAsync(CancellationToken cancellationToken)
    {
        var stats = await _server.GetFromJsonAsync<JsonElement>("/stats", cancellationToken);
        return ((string[])["events", "duplicates", "dead_letters"]).Sum(counter => stats.GetProperty(counter).GetInt64());
    }

    /// <summary>Sends the known good photo.</summary>
    /// <returns>Whether it was accepted, and what is wrong with the answer.</returns>
    public async Task<(bool IsAccepted, string? Problem)> KnownGoodAsync(CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(_plan.KnownGood);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await _edge.PostAsync("/frame?device_id=fuzz-known-good", content, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var isGood = response.IsSuccessStatusCode && DetectionEventJson.TryRead(body, out var detectionEvent, out _) && detectionEvent.PersonsDetected == 1;
        return (response.IsSuccessStatusCode, isGood ? null : $"the known good photo was answered with {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    /// <summary>Whether what the server hands on is what it should be: JSON in UTF-8, all of it events, and totals.</summary>
    public async Task<string?> ServerProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var data = await _server.GetByteArrayAsync($"/data?device_id={Corpus.EventDevice}&limit={EventsLookedAt}", cancellationToken);
            _ = StrictUtf8.GetCharCount(data);
            using var events = JsonDocument.Parse(data);
            foreach (var one in events.RootElement.EnumerateArray())
            {
                if (!DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(one.GetRawText()), out _, out var reason))
                    return $"GET /data has what is not an event: {reason}";
            }

            using var devices = JsonDocument.Parse(await _server.GetByteArrayAsync("/devices", cancellationToken));
            return null;
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            return $"the server's answer is not JSON in UTF-8: {exception.Message}";
        }
    }

    public async Task<string?> AliveProblemAsync(CancellationToken cancellationToken)
    {
        foreach (var service in (HttpClient[])[_edge, _server])
        {
            using var response = await service.GetAsync("/alive", cancellationToken);
            if (!response.IsSuccessStatusCode)
                return $"{service.BaseAddress}alive says {(int)response.StatusCode}";
        }

        return null;
    }

    /// <returns>Resident bytes of edge and server.</returns>
    public async Task<Memory> MemoryAsync(CancellationToken cancellationToken) => new(await ResidentBytesAsync(_edge, cancellationToken), await ResidentBytesAsync(_server, cancellationToken));

    public void Dispose()
    {
        _edge.Dispose();
        _server.Dispose();
        _producer?.Dispose();
    }

    private static async Task<long> ResidentBytesAsync(HttpClient service, CancellationToken cancellationToken)
    {
        var metrics = await service.GetStringAsync("/metrics", cancellationToken);
        var sample = metrics.Split('\n').First(line => line.StartsWith(MemoryMetric, StringComparison.Ordinal)).Split(' ');
        return (long)double.Parse(sample[1], CultureInfo.InvariantCulture);
    }
}

internal readonly record struct Memory(long EdgeBytes, long ServerBytes);
