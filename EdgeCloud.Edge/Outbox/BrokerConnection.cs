using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Whether Kafka took events when last heard of. Its absence degrades the edge, which goes on looking at frames and
/// stores their events, but does not make it unready. Told by the Kafka client's thread, in the order of what happened.
/// </summary>
internal sealed partial class BrokerConnection(
    IHostApplicationLifetime lifetime, ILogger<BrokerConnection> logger) : IHealthCheck
{
    private enum State
    {
        Unknown,
        Up,
        Away,

        /// <summary>It answers, but takes no events.</summary>
        Rejecting,

        /// <summary>It does not let the edge in, and the client then says, too, that no broker is there.</summary>
        Barred,
        Failed,
    }

    private volatile State _state;
    private volatile string _problem = "";

    /// <summary>An event has been delivered, and nothing has gone wrong since.</summary>
    public bool IsUp => _state == State.Up;

    public bool IsAway => _state is not (State.Unknown or State.Up);

    public void Delivered()
    {
        if (_state is State.Away or State.Rejecting or State.Barred)
            Log.Restored(logger);
        if (_state != State.Failed)
            _state = State.Up;
    }

    /// <summary>No broker can be reached.</summary>
    public void Lost(string problem)
    {
        if (_state is State.Away or State.Barred or State.Failed)
            return;
        _problem = problem;
        _state = State.Away;
        Log.Lost(logger, problem);
    }

    /// <summary>
    /// A broker has answered that it does not take events now; logged once for each change of the reason.
    /// </summary>
    public void Rejects(string problem)
    {
        if (_state == State.Failed || (_state == State.Rejecting && _problem == problem))
            return;
        _problem = problem;
        _state = State.Rejecting;
        Log.Rejects(logger, problem);
    }

    /// <summary>
    /// A broker has not let the edge in. The reason says how long that took, too, so that it is never the same twice.
    /// </summary>
    public void Bars(string problem)
    {
        if (_state is State.Barred or State.Failed)
            return;
        _problem = problem;
        _state = State.Barred;
        Log.Rejects(logger, problem);
    }

    /// <summary>
    /// Nothing mends a Kafka client after a fatal error but a new one: ends the edge, for the orchestrator to start
    /// another, which sends what the outbox holds.
    /// </summary>
    public void Failed(string problem)
    {
        if (_state == State.Failed)
            return;
        _problem = problem;
        _state = State.Failed;
        Log.Failed(logger, problem);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(_state switch
        {
            State.Away => HealthCheckResult.Degraded($"Kafka is away: {_problem}"),
            State.Rejecting or State.Barred => HealthCheckResult.Degraded($"Kafka takes no events: {_problem}"),
            State.Failed => HealthCheckResult.Unhealthy($"The Kafka client has failed for good: {_problem}"),
            _ => HealthCheckResult.Healthy(),
        });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Kafka is away; events are stored and sent when it is back: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Kafka takes events again")]
        public static partial void Restored(ILogger logger);

        [LoggerMessage(
            3, LogLevel.Critical,
            "The Kafka client has failed for good and the edge stops; the next one sends what is stored: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(
            5, LogLevel.Warning, "Kafka takes no events; they are stored and sent when it does: {Reason}")]
        public static partial void Rejects(ILogger logger, string reason);
    }
}
