using System.Globalization;
using System.Text;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

/// <summary>The reader does not compute the value of every number; it must decide as if it did.</summary>
public sealed class NumberRangeTests
{
    private static readonly string[] Edges =
    [
        "0", "-0", "0.0", "-0.0", "1", "1.0", "1.00000000000000000000000001", "0.99999999999999999999999999",
        "-0.00000000000000000000000001", "1e-999", "-1e-999",
        "0.5e0", "0.5e9", "0.5E+2", "0.1e1", "0.1e2", "0.00000000001e12", "10", "10.0", "10.00000000000000000000000001",
        "10.00001", "-10", "-10.00001", "9.99999", "1e1", "1.1e1",
        "100", "-100", "100.00000000000000000000000001", "100.00001", "-100.00001", "1e2", "1e999",
        "-1e999", "1e99999999999", "0.0e99999999999", "1e-99999999999", "0.1e99999999999",
    ];

    private static readonly string[] Exponents =
        ["", "", "", "", "e0", "e1", "E+1", "e-1", "e2", "e-3", "e20", "E-400", "e400"];

    private readonly Random _random = new(20261122);

    [Fact]
    public void A_number_is_judged_by_its_value_however_it_is_written()
    {
        var taken = 0;
        foreach (var text in (string[])[.. Edges, .. Enumerable.Range(0, 5_000).Select(_ => Anything())])
        {
            var value = double.Parse(text, CultureInfo.InvariantCulture);
            Check("a visibility", value is >= 0 and <= 1, landmark: $"0.5,0.5,0.5,{text}");
            Check("a coordinate of a landmark", Math.Abs(value) <= 100, landmark: $"0.5,{text},0.5,0.5");
            Check("a world landmark", Math.Abs(value) <= 100, world: $"0.5,0.5,{text}");
            Check("a confidence", value is >= 0 and <= 1, conf: text);
            Check("a box's corner", Math.Abs(value) <= 10, xmin: text);
            Check("a box's width", value is >= 0 and <= 10, width: text);
            Check("a duration", value is >= 0 and < double.PositiveInfinity, duration: text);

            void Check(
                string what, bool isIn, string landmark = "0.5,0.5,0.5,0.5", string world = "0.5,0.5,0.5",
                string conf = "0.5", string xmin = "0.5", string width = "0.5", string duration = "0.5")
            {
                var json = $$"""
                    {"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":1,
                    "faces":[{"conf":{{conf}},"xmin":{{xmin}},"ymin":0.2,"width":{{width}},"height":0.4}],
                    "poses":[{"conf":0.9,"confirmed_by_face":true,"landmarks":[[{{landmark}}]],
                    "world_landmarks":[[{{world}}]]}],"timing_ms":{"decode":{{duration}},"face":0.7,"total":5.4} }
                    """;
                Assert.True(
                    isIn == DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(json), out _, out var reason),
                    $"{text} as {what}: {reason ?? "taken"}");
                taken += isIn ? 1 : 0;
            }
        }

        Assert.InRange(taken, 10_000, 30_000);
    }

    private string Anything()
    {
        var whole = _random.Next(4) switch { 0 or 1 => "0", 2 => Digits(1, 1), _ => Digits(1, 3) };
        whole = whole.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
        return (_random.Next(4) == 0 ? "-" : "")
            + whole + (_random.Next(4) == 0 ? "" : "." + Digits(1, 30)) + Exponents[_random.Next(Exponents.Length)];
    }

    private string Digits(int least, int most) =>
        string.Concat(Enumerable.Range(0, _random.Next(least, most + 1))
            .Select(_ => _random.Next(3) == 0 ? "0" : _random.Next(10).ToString(CultureInfo.InvariantCulture)));
}
