using System.Globalization;
using System.Text;

namespace EdgeCloud.Cli.Analysis;

/// <summary>How many persons there were, second by second.</summary>
internal sealed class PersonsOverTime
{
    private const int MaxLines = 24;
    private const int BarLength = 40;
    private static readonly long[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];

    private readonly SortedDictionary<long, Count> _seconds = [];
    private TimeSpan _mostAt;

    public Count All { get; private set; }

    /// <param name="time">From the beginning.</param>
    /// <param name="persons">In the frame of then.</param>
    public void Add(TimeSpan time, int persons)
    {
        if (persons > All.Most)
            _mostAt = time;
        var frame = new Count(1, persons > 0 ? 1 : 0, persons, persons);
        var second = (long)Math.Floor(time.TotalSeconds);
        _seconds[second] = _seconds.GetValueOrDefault(second).With(frame);
        All = All.With(frame);
    }

    /// <returns>A line for each second that has frames.</returns>
    public string Csv(DateTimeOffset start)
    {
        var text = new StringBuilder("second,timestamp,frames,persons_mean,persons_max\n");
        foreach (var (second, count) in _seconds)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{second},{start.AddSeconds(second).UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFZ},{count.Frames},")
                .Append(CultureInfo.InvariantCulture, $"{count.Mean:0.###},{count.Most}\n");
        return text.ToString();
    }

    /// <returns>At most two dozen lines, each with a bar for the mean, and what there was in all.</returns>
    public string Text()
    {
        if (_seconds.Count == 0)
            return "No frames.\n";
        var length = _seconds.Keys.Last() + 1;
        var hours = (length / MaxLines / 3600) + 1;
        var step = Steps.FirstOrDefault(step => length <= step * MaxLines, hours * 3600);
        var text = new StringBuilder("      time   mean   most\n");
        foreach (var lines in _seconds.GroupBy(second => second.Key / step))
        {
            var count = lines.Aggregate(default(Count), static (sum, second) => sum.With(second.Value));
            var bar = new string('█', (int)Math.Round(BarLength * count.Mean / Math.Max(1, All.Most)));
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{Clock(TimeSpan.FromSeconds(lines.Key * step)),10} {count.Mean,6:0.00} {count.Most,6}  {bar}");
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.Append(All.Most == 0
            ? "Nobody was seen.\n"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Somebody in {100.0 * All.Occupied / All.Frames:0.#} % of the frames; at most {All.Most} at once, "
                + $"first at {Clock(_mostAt)}.\n")).ToString();
    }

    public static string Clock(TimeSpan time) => time.ToString(
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"h\:mm\:ss" : @"h\:mm\:ss\.fff", CultureInfo.InvariantCulture);

    /// <param name="Frames">How many.</param>
    /// <param name="Occupied">How many of them with somebody in them.</param>
    /// <param name="Persons">In all of them together.</param>
    /// <param name="Most">In one of them.</param>
    internal readonly record struct Count(long Frames, long Occupied, long Persons, int Most)
    {
        public double Mean => (double)Persons / Frames;

        public Count With(in Count other) => new(
            Frames + other.Frames, Occupied + other.Occupied, Persons + other.Persons, Math.Max(Most, other.Most));
    }
}
