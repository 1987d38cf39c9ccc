using System.Runtime.CompilerServices;
using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Server;

/// <summary>Makes the embedded broker answer requests with errors (rdkafka_mock.h).</summary>
internal static unsafe class BrokerFaults
{
    public const short Produce = 0;
    public const short Fetch = 1;

    private static readonly delegate* unmanaged[Cdecl]<nint, short, nuint, int*, void> PushErrors =
        (delegate* unmanaged[Cdecl]<nint, short, nuint, int*, void>)Librdkafka
            .Export("rd_kafka_mock_push_request_errors_array");

    private static readonly delegate* unmanaged[Cdecl]<nint, short, void> ClearErrors =
        (delegate* unmanaged[Cdecl]<nint, short, void>)Librdkafka.Export("rd_kafka_mock_clear_request_errors");

    /// <summary>The next requests of this kind fail, each with one of the errors.</summary>
    public static void Fail(this EmbeddedBroker broker, short request, params ReadOnlySpan<ErrorCode> errors)
    {
        fixed (ErrorCode* codes = errors)
            PushErrors(Cluster(broker), request, (nuint)errors.Length, (int*)codes);
    }

    public static void Recover(this EmbeddedBroker broker, short request) => ClearErrors(Cluster(broker), request);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cluster")]
    private static extern ref nint Cluster(EmbeddedBroker broker);
}
