using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>Where Kafka comes from, when nobody has named a broker.</summary>
internal enum BrokerKind
{
    /// <summary>Apache Kafka in a container, its data in a volume.</summary>
    Container,

    /// <summary>An Apache Kafka on this machine, its data in the user's folder.</summary>
    Local,

    /// <summary>librdkafka's built-in cluster in the AppHost itself, in memory.</summary>
    Embedded,
}

internal static class BrokerKinds
{
    private const string Key = "Kafka:Mode";

    /// <summary>What <c>Kafka:Mode</c> says; else the first that this machine has.</summary>
    /// <exception cref="SetupException">It says something else, or what it names is not here.</exception>
    public static BrokerKind Choose(IConfiguration configuration)
    {
        if (configuration[Key] is { Length: > 0 } chosen)
        {
            return Enum.TryParse<BrokerKind>(chosen, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
                ? kind
                : throw new SetupException($"{Key} is '{chosen}'; it must be Container, Local or Embedded.");
        }

        return ContainerRuntime.IsWanted(configuration) ? BrokerKind.Container
            : ApacheKafka.IsConfigured(configuration) ? BrokerKind.Local
            : BrokerKind.Embedded;
    }
}
