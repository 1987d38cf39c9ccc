using System.Text.RegularExpressions;

namespace EdgeCloud.Contract;

/// <summary>The rule for the names of zones and lines, which become metric labels.</summary>
public static partial class ZoneName
{
    public const int MaxLength = 64;

    public const string Rule = "1 to 64 characters: words of letters, digits and . _ - :, with one blank between them";

    /// <summary>The characters of the rule, for schemas.</summary>
    public const string Pattern = @"^[\p{L}\p{N}._:-]+( [\p{L}\p{N}._:-]+)*$";

    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength } && name[^1] != '\n' && Shape().IsMatch(name);

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
