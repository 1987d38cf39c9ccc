using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// One entry of the configuration section <c>Edge:Sources</c>: a camera that the edge fetches its frames from.
/// </summary>
internal sealed class SourceOptions
{
    /// <summary>The first entry's, which stands for all in the documents.</summary>
    public const string Section = "Edge:Sources:0";

    public const double MinFps = 0.1;
    public const double MaxFps = 30;

    /// <summary>rtsp://, http://, https://, the path of a video file, or /dev/video followed by a number.</summary>
    public string Url { get; set; } = "";

    /// <summary>The device that its frames are of.</summary>
    public string Device { get; set; } = "";

    /// <summary>Frames a second with a person in view and nothing to save; at most so many.</summary>
    [Range(MinFps, MaxFps)]
    public double Fps { get; set; } = 2;

    /// <summary>
    /// Reads a video file at its own speed; otherwise as fast as its frames are looked at, every one of them.
    /// </summary>
    public bool RealTime { get; set; } = true;

    /// <summary>Begins a video file again at its end.</summary>
    public bool Loop { get; set; }

    /// <summary>Without a frame for so long, beyond one over Fps, it has hung, and is ended and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    internal TimeSpan Interval => TimeSpan.FromSeconds(1 / Fps);
}

/// <summary>Configuration section <c>Edge</c>, of which only <c>Sources</c> is read here.</summary>
internal sealed class SourceList
{
    public List<SourceOptions> Sources { get; set; } = [];
}

/// <summary>Messages name the key and never the address, which may contain a password.</summary>
internal sealed class SourceValidation : IValidateOptions<SourceList>
{
    public ValidateOptionsResult Validate(string? name, SourceList options)
    {
        var problems = options.Sources.SelectMany(Problems).Concat(
            from source in options.Sources.Select((source, index) => (source.Device, Index: index))
            group source.Index by source.Device into same
            where same.Key.Length > 0 && same.Count() > 1
            select $"Edge:Sources:{same.Last()}:Device is that of Edge:Sources:{same.First()} already.").ToArray();
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Problems(SourceOptions source, int index)
    {
        var key = $"Edge:Sources:{index}";
        if (SourceAddress.Problem(source.Url) is { } problem)
            yield return $"{key}:Url {problem}";
        if (!Contract.DeviceId.IsValid(source.Device))
            yield return $"{key}:Device breaks the rule: {Contract.DeviceId.Rule}.";
        if (source.Fps is not (>= SourceOptions.MinFps and <= SourceOptions.MaxFps))
            yield return $"{key}:Fps must lie between 0.1 and 30.";
        if (source.Timeout < TimeSpan.FromSeconds(1) || source.Timeout > TimeSpan.FromHours(1))
            yield return $"{key}:Timeout must lie between 00:00:01 and 01:00:00.";
    }
}
