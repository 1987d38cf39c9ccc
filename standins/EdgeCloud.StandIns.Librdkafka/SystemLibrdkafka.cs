using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace EdgeCloud.StandIns.Librdkafka;

/// <summary>Makes Confluent.Kafka, and the P/Invokes of whoever asks, work over the operating system's librdkafka.</summary>
public static class SystemLibrdkafka
{
    private const string LibraryFile = "librdkafka.so.1";
    private static readonly Lock Gate = new();
    private static NewerEntryPoints? newerEntryPoints;
    private static bool missingLibraryReported;

    /// <summary>
    /// Resolves <c>librdkafka</c> and <c>libdl</c> for Confluent.Kafka (once per process) and for <paramref name="caller"/>, unless that has a
    /// resolver of its own. Loads nothing: that happens at the first Kafka object, or the caller's first P/Invoke.
    /// </summary>
    /// <exception cref="NotSupportedException">Confluent.Kafka's internals are not those of the version this was written for.</exception>
    public static void Use(Assembly caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        lock (Gate)
        {
            if (newerEntryPoints is null)
            {
                newerEntryPoints = NewerEntryPoints.Find();
                NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, ResolveForConfluent);
            }
        }
        try
        {
            NativeLibrary.SetDllImportResolver(caller, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The caller resolves its imports itself, or asked before.
        }
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) => libraryName switch
    {
        "librdkafka" => NativeLibrary.TryLoad(LibraryFile, out var library) ? library : throw new DllNotFoundException(MissingLibrary),
        "libdl" => NativeLibrary.Load("libdl.so.2"),
        _ => 0,
    };

    // Confluent.Kafka has filled all its delegates by the time it calls the first of them, which is what brings it here.
    private static nint ResolveForConfluent(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        try
        {
            var library = Resolve(libraryName, assembly, searchPath);
            if (libraryName == "librdkafka")
                newerEntryPoints!.ReplaceThoseMissingIn(library);
            return library;
        }
        catch (DllNotFoundException missing) when (libraryName == "librdkafka")
        {
            // Confluent.Kafka swallows this exception and throws one without the cause.
            if (!Interlocked.Exchange(ref missingLibraryReported, true))
                Console.Error.WriteLine(missing.Message);
            throw;
        }
    }

    private static string MissingLibrary =>
        $"{LibraryFile} cannot be loaded. Install librdkafka (Debian, Ubuntu: apt-get install librdkafka1) and start again.";
}
