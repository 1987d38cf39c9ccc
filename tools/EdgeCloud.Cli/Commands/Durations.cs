using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeCloud.Cli.Commands;

/// <summary>Times as people write them: 90s, 30m, 2h.</summary>
internal static class Durations
{
    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 10_000)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(number);
                case 'm': return TimeSpan.FromMinutes(number);
                case 'h': return TimeSpan.FromHours(number);
            }
        }

        result.AddError($"'{text}' is not a time; write 90s, 30m or 2h.");
        return default;
    }
}
