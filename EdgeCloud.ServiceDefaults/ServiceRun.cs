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
    /// Runs a service until it is asked to stop. When it cannot start because of something outside of it (its port is
    /// taken, its outbox in use, an invalid setting), it ends with exit code 1 and one line that names it.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="add">Adds what the service is made of.</param>
    /// <param name="map">Maps its endpoints.</param>
    public static async Task RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        WebApplication? app = null;
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            add(builder);
            app = builder.Build();
            map(app);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
        }
        catch (Exception exception) when (IsFromOutside(exception))
        {
            Environment.ExitCode = 1;
            using var console = LoggerFactory.Create(static logging => logging.AddSimpleConsole());
            Log.NotStarted(app?.Logger ?? console.CreateLogger(typeof(ServiceRun)), exception.Message);
        }
        catch (OperationCanceledException) when (app?.Lifetime.ApplicationStopping.IsCancellationRequested == true)
        {
            // Asked to stop before it had started; whoever asked has said why, and set the exit code.
        }
        finally
        {
            if (app is not null)
                await app.DisposeAsync();
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        // The host cannot be stopped before it has these, and none has started when one cannot be made.
        _ = app.Services.GetServices<IHostedService>();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // What has started, as the loading of models or a question to Kafka, would go on with a native library
            // whose handles are disposed of with the application: two of five such ends were a segmentation fault.
            await app.StopAsync();
            throw;
        }
    }

    /// <summary>The last is a setting that is not of its type; the message names its key.</summary>
    private static bool IsFromOutside(Exception exception) => exception
        is StartException or OptionsValidationException
        or IOException { InnerException: AddressInUseException }
        or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" };

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
