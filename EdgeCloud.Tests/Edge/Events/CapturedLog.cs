using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>Everything logged, with the values that were put into the text.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = [];

    public sealed record Entry(LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Values);

    public IReadOnlyList<Entry> Entries => [.. _entries];

    public IEnumerable<Entry> At(LogLevel level) => Entries.Where(entry => entry.Level == level);

    public ILogger CreateLogger(string categoryName) => new Logger(_entries);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(
                logLevel, formatter(state, exception), state is IReadOnlyList<KeyValuePair<string, object?>> values ? values.ToDictionary() : new Dictionary<string, object?>()));
    }
}
