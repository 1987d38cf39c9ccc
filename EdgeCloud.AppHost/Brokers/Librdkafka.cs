using System.Runtime.InteropServices;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>
/// The functions of librdkafka (rdkafka.h, rdkafka_mock.h) that Confluent.Kafka does not offer. Taken from whichever
/// build of the library loads here, since its package carries several for Linux, each with dependencies of its own, and
/// a system may have one too.
/// </summary>
internal static unsafe class Librdkafka
{
    /// <summary>
    /// The package's general build, its build without SASL of the system's, the one for musl, and the system's own.
    /// </summary>
    private static readonly string[] Builds =
        ["librdkafka", "centos8-librdkafka", "alpine-librdkafka", "librdkafka.so.1"];

    private static readonly nint Library = Load();

    public static readonly delegate* unmanaged[Cdecl]<nint> NewConfiguration =
        (delegate* unmanaged[Cdecl]<nint>)Export("rd_kafka_conf_new");

    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, int> Configure =
        (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, int>)Export("rd_kafka_conf_set");

    public static readonly delegate* unmanaged[Cdecl]<int, nint, byte*, nint, nint> NewClient =
        (delegate* unmanaged[Cdecl]<int, nint, byte*, nint, nint>)Export("rd_kafka_new");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        void> DestroyClient = (delegate* unmanaged[Cdecl]<nint, void>)Export("rd_kafka_destroy");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        int, nint> NewCluster = (delegate* unmanaged[Cdecl]<nint, int, nint>)Export("rd_kafka_mock_cluster_new");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        void> DestroyCluster = (delegate* unmanaged[Cdecl]<nint, void>)Export("rd_kafka_mock_cluster_destroy");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        byte*> Bootstraps = (delegate* unmanaged[Cdecl]<nint, byte*>)Export("rd_kafka_mock_cluster_bootstraps");

    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int, int> CreateTopic =
        (delegate* unmanaged[Cdecl]<nint, byte*, int, int, int>)Export("rd_kafka_mock_topic_create");

    public static readonly delegate* unmanaged[Cdecl]<nint, int, void> SetInitialRebalanceDelay =
        (delegate* unmanaged[Cdecl]<nint, int, void>)Export("rd_kafka_mock_group_initial_rebalance_delay_ms");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        int, int> SetBrokerDown = (delegate* unmanaged[Cdecl]<nint, int, int>)Export("rd_kafka_mock_broker_set_down");

    public static readonly delegate* unmanaged[Cdecl]<nint,
        int, int> SetBrokerUp = (delegate* unmanaged[Cdecl]<nint, int, int>)Export("rd_kafka_mock_broker_set_up");

    public static readonly delegate* unmanaged[Cdecl]<nint, short, nint, int*, int> PushRequestErrors =
        (delegate* unmanaged[Cdecl]<nint, short, nint, int*, int>)Export("rd_kafka_mock_push_request_errors_array");

    private static nint Load()
    {
        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, typeof(Librdkafka).Assembly, null, out var library))
                return library;
        }

        throw new DllNotFoundException(
            $"The embedded broker needs librdkafka; none of {string.Join(", ", Builds)} loads here.");
    }

    public static nint Export(string name) => NativeLibrary.GetExport(Library, name);
}
