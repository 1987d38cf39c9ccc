using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace EdgeCloud.StandIns.Librdkafka;

/// <summary>
/// The entry points on Confluent.Kafka's consumer path that came after librdkafka 2.0.2. A consumer works without them: a leader epoch of -1
/// is how the protocol says "not known".
/// </summary>
internal sealed class NewerEntryPoints
{
    private const string WrittenFor = "2.15.1";
    private const int UnknownLeaderEpoch = -1;
    private readonly Replacement[] replacements;

    private NewerEntryPoints(Replacement[] replacements) => this.replacements = replacements;

    /// <exception cref="NotSupportedException">Confluent.Kafka keeps its delegates elsewhere.</exception>
    public static NewerEntryPoints Find() => new(
    [
        Find("rd_kafka_message_leader_epoch", "_message_leader_epoch", nameof(NoLeaderEpoch)),
        Find("rd_kafka_topic_partition_get_leader_epoch", "_topic_partition_get_leader_epoch", nameof(NoLeaderEpoch)),
        Find("rd_kafka_topic_partition_set_leader_epoch", "_topic_partition_set_leader_epoch", nameof(IgnoreLeaderEpoch)),
    ]);

    public void ReplaceThoseMissingIn(nint library)
    {
        foreach (var (symbol, field, substitute) in replacements)
        {
            if (!NativeLibrary.TryGetExport(library, symbol, out _))
                field.SetValue(null, substitute);
        }
    }

    private static Replacement Find(string symbol, string fieldName, string substituteName)
    {
        var confluent = typeof(Library).Assembly;
        var field = confluent.GetType("Confluent.Kafka.Impl.Librdkafka")?.GetField(fieldName, BindingFlags.Static | BindingFlags.NonPublic);
        var method = typeof(NewerEntryPoints).GetMethod(substituteName, BindingFlags.Static | BindingFlags.NonPublic)!;
        var substitute = field is { IsInitOnly: false } && field.FieldType.IsSubclassOf(typeof(Delegate))
            ? Delegate.CreateDelegate(field.FieldType, method, throwOnBindFailure: false)
            : null;
        return substitute is null
            ? throw new NotSupportedException(
                $"Confluent.Kafka {VersionOf(confluent)} has no Librdkafka.{fieldName} as version {WrittenFor} has it, "
                + $"and librdkafka before 2.1 needs that replaced. Pin Confluent.Kafka to {WrittenFor}.")
            : new Replacement(symbol, field!, substitute);
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{assembly.GetName().Version}";

    private static int NoLeaderEpoch(nint messageOrPartition) => UnknownLeaderEpoch;

    private static void IgnoreLeaderEpoch(nint partition, int leaderEpoch) { }

    private sealed record Replacement(string Symbol, FieldInfo Field, Delegate Substitute);
}
