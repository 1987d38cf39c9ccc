using System.Buffers;

namespace EdgeCloud.Contract;

/// <summary>The rule for device ids, which become Kafka keys, metric labels and parts of log lines.</summary>
public static class DeviceId
{
    public const int MaxLength = 64;

    public const string Rule = "1 to 64 characters, each a letter or digit of ASCII or one of . _ - :";

    /// <summary>The characters of the rule, for schemas.</summary>
    public const string Pattern = "^[A-Za-z0-9._:-]+$";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:");

    public static bool IsValid(string? deviceId) =>
        deviceId is { Length: > 0 and <= MaxLength } && !deviceId.AsSpan().ContainsAnyExcept(Allowed);
}
