using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// Receives OTLP over HTTP as a collector does, and keeps the spans, the log records and the names of the metrics.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.Single();

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public ConcurrentQueue<ReceivedLog> Logs { get; } = [];

    /// <summary>Service and metric.</summary>
    public ConcurrentDictionary<(string Service, string Metric), bool> Metrics { get; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver(LocalServer.Create());

        // The numbers are those of the fields in opentelemetry/proto, version 1.
        receiver._app.MapPost("/v1/traces", (HttpRequest request) =>
            ReadAsync(request, (service, span) => receiver.Spans.Enqueue(ReceivedSpan.From(service, span))));
        receiver._app.MapPost("/v1/metrics", (HttpRequest request) =>
            ReadAsync(request, (service, metric) => receiver.Metrics[(service, metric.Text(1))] = true));
        receiver._app.MapPost("/v1/logs", (HttpRequest request) => ReadAsync(request, (service, log) =>
            receiver.Logs.Enqueue(new ReceivedLog(service, log.Message(5).Text(1), log.Hex(9), log.Hex(10)))));
        await receiver._app.StartAsync();
        return receiver;
    }

    public ReceivedSpan[] Trace(string traceId) => [.. Spans.Where(span => span.TraceId == traceId)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The three signals are packed alike: resources, in them scopes, in them what was measured.</summary>
    private static async Task<IResult> ReadAsync(HttpRequest request, Action<string, ProtobufMessage> receive)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var resource in new ProtobufMessage(body.ToArray()).Messages(1))
        {
            var service = ReceivedSpan.Attributes(resource.Message(1), 1)["service.name"];
            foreach (var received in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
                receive(service, received);
        }

        return TypedResults.Bytes([], "application/x-protobuf");
    }
}

internal enum ReceivedSpanKind
{
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// <param name="ParentId">Empty for a root.</param>
/// <param name="Links">The linked spans' ids.</param>
internal sealed record ReceivedSpan(
    string Service, string Name, ReceivedSpanKind Kind, string TraceId, string SpanId, string ParentId, string[] Links,
    bool IsError, IReadOnlyDictionary<string, string> Tags)
{
    public static ReceivedSpan From(string service, ProtobufMessage span) => new(
        service, span.Text(5), (ReceivedSpanKind)span.Number(6), span.Hex(1), span.Hex(2), span.Hex(4),
        [.. span.Messages(13).Select(link => link.Hex(2))], span.Message(15).Number(3) == 2, Attributes(span, 9));

    public static IReadOnlyDictionary<string, string> Attributes(ProtobufMessage message, int field) =>
        message.Messages(field).ToDictionary(
            attribute => attribute.Text(1), attribute => attribute.Message(2) is var value && value.Has(1)
                ? value.Text(1)
                : value.Number(3).ToString(CultureInfo.InvariantCulture));
}

internal sealed record ReceivedLog(string Service, string Text, string TraceId, string SpanId);
