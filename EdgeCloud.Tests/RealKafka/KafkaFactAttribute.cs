namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// A test against an Apache Kafka, whose folder EDGECLOUD_TEST_KAFKA names; skipped, and said so, without it.
/// </summary>
internal sealed class KafkaFactAttribute : FactAttribute
{
    /// <param name="nightly">Whether it takes long and rarely fails: <see cref="NightlyFactAttribute"/>.</param>
    public KafkaFactAttribute(bool nightly = false) =>
        Skip = KafkaTests.WhySkipped ?? (nightly ? NightlyFactAttribute.WhySkipped : null);
}

/// <inheritdoc cref="KafkaFactAttribute"/>
internal sealed class KafkaTheoryAttribute : TheoryAttribute
{
    /// <inheritdoc cref="KafkaFactAttribute(bool)"/>
    public KafkaTheoryAttribute(bool nightly = false) =>
        Skip = KafkaTests.WhySkipped ?? (nightly ? NightlyFactAttribute.WhySkipped : null);
}

internal static class KafkaTests
{
    public const string Variable = "EDGECLOUD_TEST_KAFKA";

    public static string? Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    public static string? WhySkipped =>
        Folder is null ? $"{Variable} names no folder of an Apache Kafka (with libs/), which needs Java 17." : null;
}
