using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>The system under test: takes inputs, and says how it is.</summary>
/// <param name="edge">Where requests go.</param>
/// <param name="server">Where they are to arrive.</param>
/// <param name="kafka">The bootstrap servers.</param>
internal sealed class FuzzTarget(Uri edge, Uri server, string kafka) : IDisposable
{
    private const int EventsLookedAt = 200;

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(10);
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HttpClient _edge = new() { BaseAddress = edge, Timeout = ReplyTimeout };
    private readonly HttpClient _server = new() { BaseAddress = server, Timeout = ReplyTimeout };
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(
        new ProducerConfig { BootstrapServers = kafka, Acks = Acks.All, EnableIdempotence = true, LingerMs = 1 })
        .SetLogHandler(static (_, _) => { }).Build();
    private int _knownGood;

    /// <exception cref="OperationCanceledException">No reply in time.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The edge is gone.</exception>
    public async Task<RawReply?> SendAsync(RequestInput request)
    {
        using var timeout = new CancellationTokenSource(ReplyTimeout);
        return await RawHttp.ExchangeAsync(_edge.BaseAddress!, request.Bytes, timeout.Token);
    }

    /// <returns>False for a message larger than Kafka takes.</returns>
    public async Task<bool> SendAsync(ValueInput input)
    {
        try
        {
            var message = new Message<byte[]?, byte[]?> { Key = input.Key, Value = input.Value };
            await _producer.ProduceAsync(DetectionTopic.Name, message);
            return true;
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            return false;
        }
    }

    /// <summary>How many messages the server has dealt with, one way or another.</summary>
    public async Task<long> DealtWithAsync()
    {
        var stats = await _server.StatsAsync();
        return ((string[])["events", "duplicates", "dead_letters"])
            .Sum(counter => stats.GetProperty(counter).GetInt64());
    }

    /// <summary>
    /// Sends the photo, which has exactly one person in it, whatever came before; as another device each time, so that
    /// the models look.
    /// </summary>
    /// <returns>Whether it was accepted, and what is wrong with the answer.</returns>
    public async Task<(bool IsAccepted, string? Problem)> KnownGoodAsync()
    {
        using var response =
            await _edge.PostJpegAsync(Photo.Astronaut, $"?device_id=fuzz-known-good-{_knownGood++}");
        var body = await response.Content.ReadAsByteArrayAsync();
        var isGood = response.IsSuccessStatusCode
            && DetectionEventJson.TryRead(body, out var detectionEvent, out _) && detectionEvent.PersonsDetected == 1;
        var answer = $"{(int)response.StatusCode} {Encoding.UTF8.GetString(body)}";
        return (response.IsSuccessStatusCode, isGood ? null : $"the known good photo was answered with {answer}");
    }

    /// <summary>
    /// Whether what the server hands on is what it should be: JSON in UTF-8, all of it events, and totals.
    /// </summary>
    public async Task<string?> ServerProblemAsync()
    {
        try
        {
            var data = await _server.GetByteArrayAsync(
                $"/data?device_id={Corpus.EventDevice}&limit={EventsLookedAt}");
            _ = StrictUtf8.GetCharCount(data);
            using var events = JsonDocument.Parse(data);
            foreach (var one in events.RootElement.EnumerateArray())
            {
                if (!DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(one.GetRawText()), out _, out var reason))
                    return $"GET /data has what is not an event: {reason}";
            }

            using var devices = JsonDocument.Parse(await _server.GetByteArrayAsync("/devices"));
            return null;
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            return $"the server's answer is not JSON in UTF-8: {exception.Message}";
        }
    }

    public async Task<string?> AliveProblemAsync()
    {
        foreach (var service in (HttpClient[])[_edge, _server])
        {
            using var response = await service.GetAsync("/alive");
            if (!response.IsSuccessStatusCode)
                return $"{service.BaseAddress}alive says {(int)response.StatusCode}";
        }

        return null;
    }

    public void Dispose()
    {
        _edge.Dispose();
        _server.Dispose();
        _producer.Dispose();
    }
}
