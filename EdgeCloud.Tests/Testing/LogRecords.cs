using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Testing;

internal static class LogRecords
{
    public static IEnumerable<FakeLogRecord> At(this FakeLogCollector log, LogLevel level) =>
        log.GetSnapshot().Where(record => record.Level == level);

    public static IEnumerable<FakeLogRecord> With(this FakeLogCollector log, string text) =>
        log.GetSnapshot().Where(record => record.Message.Contains(text, StringComparison.Ordinal));
}
