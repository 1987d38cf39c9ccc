// Compiled by standins/StandIns.targets into every assembly that uses Confluent.Kafka, where the feed lacks librdkafka.redist.
#pragma warning disable CA2255 // a module initializer is the one place that runs before the first Kafka object
#pragma warning disable CS0436 // an assembly that sees the internals of another sees its copy of this file too
using System.Runtime.CompilerServices;

namespace EdgeCloud.StandIns.Librdkafka;

internal static class UseSystemLibrdkafka
{
    [ModuleInitializer]
    internal static void Initialize() => SystemLibrdkafka.Use(typeof(UseSystemLibrdkafka).Assembly);
}
