using System.Text.RegularExpressions;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Sources;

/// <summary>The address of a source, which may contain credentials: <see cref="Shown"/> may be shown.</summary>
internal sealed partial class SourceAddress
{
    private const string VideoPrefix = "/dev/video";

    /// <summary>A shorter one is part of many words.</summary>
    private const int ShortestSecretPath = 6;

    private readonly string[] _secrets = [];

    /// <param name="address">Of which <see cref="Problem"/> says nothing.</param>
    public SourceAddress(string address)
    {
        Full = address;
        if (!address.Contains("://", StringComparison.Ordinal))
        {
            Kind = address.StartsWith(VideoPrefix, StringComparison.Ordinal) ? SourceKind.Video : SourceKind.File;
            Shown = address;
            return;
        }

        var uri = new Uri(address);
        Kind = uri.Scheme == "rtsp" ? SourceKind.Rtsp : SourceKind.Http;
        Shown = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var path = uri.GetComponents(UriComponents.Path, UriFormat.UriEscaped);
        string[] secrets =
        [
            uri.UserInfo, .. uri.UserInfo.Split(':', 2), uri.Query.TrimStart('?'),
            .. path.Length >= ShortestSecretPath ? [path] : Array.Empty<string>(),
        ];
        _secrets = [.. secrets.Concat(secrets.Select(Uri.UnescapeDataString)).Where(secret => secret.Length > 0)
            .Distinct().OrderByDescending(secret => secret.Length)];
    }

    public SourceKind Kind { get; }

    /// <summary>With its credentials: for ffmpeg's standard input alone.</summary>
    public string Full { get; }

    /// <summary>
    /// Of an address only scheme, host and port, since cameras take passwords in the path, too.
    /// </summary>
    public string Shown { get; }

    /// <returns>What is wrong with an address, without the address, as the end of a sentence; or null.</returns>
    public static string? Problem(string address)
    {
        if (address.Length == 0 || address.Any(char.IsControl))
            return "must be an address without control characters.";
        if (address.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && uri.Scheme is "rtsp" or "http" or "https" && uri.Host.Length > 0
                ? null
                : "must begin with rtsp://, http:// or https:// and name a host, or be a path.";
        }

        return address.StartsWith(VideoPrefix, StringComparison.Ordinal) || File.Exists(address)
            ? null
            : "names no file that there is.";
    }

    /// <returns>What ffmpeg says, without any address or part of this one that is secret.</returns>
    public string Scrub(string text)
    {
        text = _secrets.Length > 0 ? text.Replace(Full, Shown, StringComparison.OrdinalIgnoreCase) : text;
        foreach (var secret in _secrets)
            text = text.Replace(secret, "(secret)", StringComparison.OrdinalIgnoreCase);
        return Addresses().Replace(text, "(address)");
    }

    [GeneratedRegex("""[a-z][a-z0-9+.-]*://[^\s'"]*""", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses();
}
