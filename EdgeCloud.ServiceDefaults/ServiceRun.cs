using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.ServiceDefaults;

/// <summary>How a service runs, and how it ends when it cannot start.</summary>
public static partial class ServiceRun
{
    /// <summary>
    /// Runs the service until it is asked to stop. When it cannot start because of something outside of it (its port is taken, its outbox in use, a setting that
    /// cannot be), it ends with exit code 1 and one line that names it.
    /// </summary>
    public static async Task RunServiceAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception exception) when (exception is StartException or OptionsValidationException or IOException { InnerException: AddressInUseException })
            {
                Log.NotStarted(app.Logger, exception.Message);
                Environment.ExitCode = 1;
                return;
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // Asked to stop before it had started; whoever asked has said why, and set the exit code.
                return;
            }

            await app.WaitForShutdownAsync();
        }
    }

    /// <summary>
    /// The host's own errors at a start, with their stack traces, say again what is thrown or is logged as critical next to them.
    /// </summary>
    internal static void WithoutEchoes(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", static level => level is LogLevel.Information or LogLevel.Warning or LogLevel.Critical);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "{Reason}")]
        public static partial void NotStarted(ILogger logger, string reason);
    }
}

/// <summary>Something outside of the service keeps it from starting; the message says what and what to do.</summary>
public class StartException(string message, Exception? cause = null) : Exception(message, cause);
