namespace Aspire.Hosting.Running;

/// <summary>What one resource says and what is said about it, each line under the resource's name.</summary>
internal sealed class ResourceLog(Action<LogLevel, string> write)
{
    private const int RememberedLines = 20;
    private readonly Queue<string> _last = new(RememberedLines);

    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_last) return [.. _last];
        }
    }

    /// <summary>A line of the resource's own output.</summary>
    public void Output(string line)
    {
        lock (_last)
        {
            if (_last.Count == RememberedLines) _last.Dequeue();
            _last.Enqueue(line);
        }

        write(LogLevel.Information, line);
    }

    public void Say(string message) => write(LogLevel.Information, $"{ResourceOutput.OwnMark} {message}");

    public void Complain(string message) => write(LogLevel.Error, $"{ResourceOutput.OwnMark} {message}");
}
