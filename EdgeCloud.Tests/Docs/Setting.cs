using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace EdgeCloud.Tests.Docs;

/// <summary>A configuration key of a service, as its options class has it.</summary>
/// <param name="Key">Its section and its name.</param>
/// <param name="Property">Its type and its bounds.</param>
/// <param name="Default">What it is when nobody sets it.</param>
internal sealed record Setting(string Key, PropertyInfo Property, object? Default)
{
    private const int Kibi = 1024;

    private static readonly string[] Projects =
        ["EdgeCloud.Edge", "EdgeCloud.Server", "EdgeCloud.Carbon", "EdgeCloud.ServiceDefaults"];

    /// <summary>By the end of a name; the longer ones first.</summary>
    private static readonly (string Suffix, string Unit)[] Units =
    [
        ("BytesPerSecond", "bytes a second"), ("Bytes", "bytes"), ("Pixels", "pixels"),
        ("FramesPerSecond", "frames a second"), ("GramsPerCpuHour", "g per thread and hour"),
        ("GramsPerHour", "g an hour"), ("GramsPerKwh", "g/kWh"), ("Thresholds", "g/kWh"), ("WattsPerCpu", "W"),
    ];

    /// <summary>Defaults that differ from machine to machine: how they end, and what stands before that.</summary>
    private static readonly Dictionary<string, (string End, string Folder)> Paths = new()
    {
        ["Edge:Events:OutboxPath"] = ("EdgeCloud/outbox.db", "the user's local application data"),
        ["Edge:Zones:Path"] = ("EdgeCloud/zones.json", "the user's local application data"),
        ["Edge:Phone:Folder"] = ("EdgeCloud/phone", "the user's local application data"),
        ["Edge:Frames:FrameFile"] = ("frame.jpg", "the folder of temporary files, `/tmp`"),
    };

    public static IReadOnlyList<Setting> All { get; } =
    [
        .. from project in Projects
           from type in Assembly.Load(project).GetTypes()
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           let options = Activator.CreateInstance(type)
           from property in type.GetProperties()
           let key = $"{section}:{property.Name}"
           orderby key
           select new Setting(key, property, property.GetValue(options)),
    ];

    public string Owner =>
        Key.Split(':')[0] switch { "Edge" => "the edge", "Server" => "the server", _ => "both services" };

    /// <param name="meaning">What the options class cannot say of itself.</param>
    public string Row(string meaning) => $"| `{Key}` | {Kind()} | {DefaultText()} | {Bounds()} | {meaning} |";

    private Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    private string Kind()
    {
        var kind = Type switch
        {
            { IsEnum: true } => "choice",
            { IsArray: true } => "list of numbers",
            var type when type == typeof(bool) => "switch",
            var type when type == typeof(TimeSpan) => "time",
            var type when type == typeof(Uri) => "address",
            var type when type == typeof(string) => "text",
            var type when type == typeof(int) || type == typeof(long) => "integer",
            var type when type == typeof(float) || type == typeof(double) => "number",
            var type => throw new NotSupportedException($"{Key} is a {type}."),
        };
        var unit = Units.FirstOrDefault(unit => Property.Name.EndsWith(unit.Suffix, StringComparison.Ordinal)).Unit;
        return unit is null ? kind : $"{kind}, {unit}";
    }

    private string DefaultText()
    {
        if (Paths.TryGetValue(Key, out var path))
        {
            Assert.EndsWith(path.End, ((string)Default!).Replace('\\', '/'), StringComparison.Ordinal);
            return $"`{path.End}` in {path.Folder}";
        }

        return Default switch
        {
            null or "" => "none",
            int or long when Property.Name.EndsWith("Bytes", StringComparison.Ordinal) => BytesText(),
            TimeSpan time => $"`{TimeText(time)}`",
            bool value => value ? "`true`" : "`false`",
            Enum or string => $"`{Default}`",
            _ => $"`{NumberText(Default)}`",
        };
    }

    private string Bounds() => Property.GetCustomAttributes<ValidationAttribute>()
        .OrderBy(rule => rule is RequiredAttribute)
        .Select(rule => rule switch
        {
            RangeAttribute range when range.OperandType == typeof(TimeSpan) => $"{range.Minimum} to {range.Maximum}",
            RangeAttribute range => $"{NumberText(range.Minimum)} to {NumberText(range.Maximum)}",
            EnumDataTypeAttribute choice => string.Join(", ", Enum.GetNames(choice.EnumType).Select(Code)),
            RegularExpressionAttribute expression => Code(expression.Pattern),
            RequiredAttribute => "not empty",
            _ => throw new NotSupportedException($"{Key} has a {rule.GetType().Name}."),
        }).FirstOrDefault("");

    private static string Code(string text) => $"`{text}`";

    private string BytesText()
    {
        var bytes = Convert.ToInt64(Default, CultureInfo.InvariantCulture);
        var (size, unit) = bytes % (Kibi * Kibi) == 0 ? (bytes / (Kibi * Kibi), "MiB") : (bytes / Kibi, "KiB");
        return string.Create(CultureInfo.InvariantCulture, $"`{bytes}` ({size} {unit})");
    }

    private static string TimeText(TimeSpan time)
    {
        var text = time.ToString("c", CultureInfo.InvariantCulture);
        return time.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }

    /// <summary>Never with an exponent.</summary>
    private static string NumberText(object number) => number is double whole && double.IsInteger(whole)
        ? ((long)whole).ToString(CultureInfo.InvariantCulture)
        : Convert.ToDecimal(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
