using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.StandIns;

public sealed class KafkaSettingsTests
{
    private readonly HostApplicationBuilder builder = new(
        new HostApplicationBuilderSettings { DisableDefaults = true });

    [Fact]
    public void A_producer_is_configured_by_its_section_then_by_the_section_of_its_connection()
    {
        Configure(
            ("Aspire:Confluent:Kafka:Producer:Config:Acks", "All"),
            ("Aspire:Confluent:Kafka:Producer:Config:LingerMs", "7"),
            ("Aspire:Confluent:Kafka:Producer:kafka:Config:LingerMs", "9"),
            ("ConnectionStrings:kafka", "broker:9092"));

        KafkaProducerSettings? settings = null;
        builder.AddKafkaProducer<string, string>(
            "kafka", configured => KafkaClientTests.SwitchOff(settings = configured));

        Assert.NotNull(settings);
        Assert.Equal((Acks.All, 9), (settings.Config.Acks, settings.Config.LingerMs));
        Assert.Equal("broker:9092", settings.ConnectionString);
        Assert.Equal("broker:9092", settings.Config.BootstrapServers);
    }

    [Fact]
    public void A_consumer_is_configured_by_its_section_then_by_the_section_of_its_connection()
    {
        Configure(
            ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "everyone"),
            ("Aspire:Confluent:Kafka:Consumer:Config:AutoOffsetReset", "Earliest"),
            ("Aspire:Confluent:Kafka:Consumer:kafka:Config:GroupId", "edgecloud-server"),
            ("Aspire:Confluent:Kafka:Consumer:kafka:ConnectionString", "elsewhere:9092"),
            ("ConnectionStrings:kafka", "broker:9092"));

        KafkaConsumerSettings? settings = null;
        builder.AddKafkaConsumer<string, string>(
            "kafka", configured => KafkaClientTests.SwitchOff(settings = configured));

        Assert.NotNull(settings);
        Assert.Equal(
            ("edgecloud-server", AutoOffsetReset.Earliest), (settings.Config.GroupId, settings.Config.AutoOffsetReset));
        Assert.Equal("broker:9092", settings.Config.BootstrapServers);
    }

    [Fact]
    public void The_code_has_the_last_word()
    {
        Configure(("ConnectionStrings:kafka", "broker:9092"), ("Aspire:Confluent:Kafka:Producer:Config:LingerMs", "7"));

        KafkaProducerSettings? settings = null;
        builder.AddKafkaProducer<string, string>("kafka", configured =>
        {
            KafkaClientTests.SwitchOff(settings = configured);
            configured.ConnectionString = "mine:9092";
            configured.Config.LingerMs = 1;
        });

        Assert.Equal(("mine:9092", 1), (settings!.Config.BootstrapServers, settings.Config.LingerMs));
    }

    [Theory]
    [InlineData("DisableTracing")]
    [InlineData("DisableMetrics")]
    [InlineData("DisableHealthChecks")]
    public void What_is_not_supplied_is_refused_rather_than_missing(string left)
    {
        Configure(("ConnectionStrings:kafka", "broker:9092"));

        var refusal =
            Assert.Throws<NotSupportedException>(() => builder.AddKafkaConsumer<string, string>("kafka", settings =>
            {
                KafkaClientTests.SwitchOff(settings);
                typeof(KafkaConsumerSettings).GetProperty(left)!.SetValue(settings, false);
            }));

        Assert.Contains(left, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_producer_without_servers_is_refused()
    {
        builder.AddKafkaProducer<string, string>("kafka", KafkaClientTests.SwitchOff);
        using var host = builder.Build();

        var refusal =
            Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IProducer<string, string>>);

        Assert.Contains("bootstrap servers", refusal.Message);
    }

    [Fact]
    public void A_consumer_without_a_group_is_refused()
    {
        Configure(("ConnectionStrings:kafka", "broker:9092"));
        builder.AddKafkaConsumer<string, string>("kafka", KafkaClientTests.SwitchOff);
        using var host = builder.Build();

        var refusal =
            Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConsumer<string, string>>);

        Assert.Contains("group id", refusal.Message);
    }

    private void Configure(params (string Key, string Value)[] settings) =>
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
}
