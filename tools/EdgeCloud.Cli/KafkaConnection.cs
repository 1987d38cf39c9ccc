using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.Cli;

/// <summary>
/// Clients of a Kafka, with the settings that the environment gives the services' own clients, such as
/// <c>Aspire__Confluent__Kafka__Consumer__Config__SecurityProtocol</c> (docs/kafka.md).
/// </summary>
internal sealed class KafkaConnection(string bootstrapServers)
{
    private volatile string? _problem;

    /// <exception cref="KafkaException">A setting cannot be.</exception>
    public IConsumer<byte[], byte[]> CreateConsumer(ConsumerConfig config) => Create("Consumer", config, () =>

        // Its complaints while the broker is away are no news to whoever took it away.
        new ConsumerBuilder<byte[], byte[]>(config)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler((_, error) => Note(error)).Build());

    /// <exception cref="KafkaException">A setting cannot be.</exception>
    public IProducer<byte[], byte[]> CreateProducer(ProducerConfig config) => Create("Producer", config, () =>
        new ProducerBuilder<byte[], byte[]>(config)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler((_, error) => Note(error)).Build());

    /// <returns>The exception with what the broker, or the handshake with it, said before.</returns>
    public KafkaException Explain(KafkaException exception) => _problem is { } problem
        ? new KafkaException(new Error(exception.Error.Code, $"{exception.Error.Reason}: {problem}"))
        : exception;

    private void Note(Error error)
    {
        if (error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl)
            _problem = error.Reason;
    }

    private T Create<T>(string client, ClientConfig config, Func<T> build)
    {
        try
        {
            new ConfigurationBuilder().AddEnvironmentVariables().Build()
                .GetSection($"Aspire:Confluent:Kafka:{client}:Config").Bind(config);
            config.BootstrapServers = bootstrapServers;
            return build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new KafkaException(new Error(ErrorCode.Local_InvalidArg, exception.Message));
        }
    }
}
