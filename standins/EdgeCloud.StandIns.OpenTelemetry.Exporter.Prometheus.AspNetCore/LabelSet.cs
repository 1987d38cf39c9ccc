using System.Globalization;
using System.Text;

namespace OpenTelemetry.Exporter;

/// <summary>
/// The labels of one series, in the order they were added. Attributes whose keys become the same label share it: their values, in the order of
/// those keys, separated by semicolons.
/// </summary>
internal sealed class LabelSet
{
    private readonly List<(string Label, string Attribute, string Value)> labels = [];

    public LabelSet Add(string attribute, object? value) => Add(Name(attribute), attribute, value);

    public LabelSet Add(string label, string attribute, object? value)
    {
        labels.Add((label, attribute, Text(value)));
        return this;
    }

    public void Remove(string label) => labels.RemoveAll(entry => entry.Label == label);

    /// <summary>Label by label, without the braces.</summary>
    public IEnumerable<(string Name, string Value)> Merged() =>
        from entry in labels
        group entry by entry.Label into label
        select (label.Key, string.Join(';', label.OrderBy(entry => entry.Attribute, StringComparer.Ordinal).Select(entry => entry.Value)));

    public override string ToString() => Write(Merged());

    public static string Write(IEnumerable<(string Name, string Value)> labels) =>
        string.Join(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\""));

    /// <summary>Backslash, line feed and quotation mark, escaped as all the formats have it.</summary>
    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Only letters, digits and underscores; anything between becomes an underscore unless one is there already.</summary>
    public static string Name(string attribute)
    {
        if (attribute.Length == 0)
            return "_";
        var name = new StringBuilder(attribute.Length + 1);
        if (char.IsAsciiDigit(attribute[0]))
            name.Append('_');
        foreach (var character in attribute)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_')
                name.Append(character);
            else if (name is not [.., '_'])
                name.Append('_');
        }
        return name.ToString();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        float number => Number.Canonical(number),
        double number => Number.Canonical(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
