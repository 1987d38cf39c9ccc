using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.ServiceDefaults;

/// <summary>How a service runs, and how it ends when it cannot start.</summary>
public static partial class ServiceRun
{
    /// <summary>
    /// Runs the service until it is asked to stop. When it cannot start because of something outside of it (its port is
    /// taken, its outbox in use, an invalid setting), it ends with exit code 1 and one line that names it.
    /// </summary>
    public static async Task RunServiceAsync(this WebApplication app)
    {
        await using (app)
        {
            if (await StartsAsync(app))
                await app.WaitForShutdownAsync();
        }
    }

    private static async Task<bool> StartsAsync(WebApplication app)
    {
        var isStarting = false;
        try
        {
            // The host cannot be stopped before it has these, and none has started when one cannot be made.
            _ = app.Services.GetServices<IHostedService>();
            isStarting = true;
            await app.StartAsync();
            return true;
        }
        catch (Exception exception) when (exception
            is StartException or OptionsValidationException or IOException { InnerException: AddressInUseException })
        {
            Log.NotStarted(app.Logger, exception.Message);
            Environment.ExitCode = 1;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop before it had started; whoever asked has said why, and set the exit code.
        }

        // What has started, as the loading of models or a question to Kafka, would go on with a native library whose
        // handles are disposed of with the application: two of five such ends were a segmentation fault.
        if (isStarting)
            await app.StopAsync();
        return false;
    }

    /// <summary>
    /// The host's own errors at a start, with their stack traces, say again what is thrown or is logged
    /// as critical next to them.
    /// </summary>
    internal static void WithoutEchoes(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", static level =>
            level is LogLevel.Information or LogLevel.Warning or LogLevel.Critical);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "{Reason}")]
        public static partial void NotStarted(ILogger logger, string reason);
    }
}

/// <summary>Something outside of the service keeps it from starting; the message says what and what to do.</summary>
public class StartException(string message, Exception? cause = null) : Exception(message, cause);
