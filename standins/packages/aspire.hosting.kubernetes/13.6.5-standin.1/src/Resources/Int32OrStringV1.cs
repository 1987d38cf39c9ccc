using System.Globalization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed record Int32OrStringV1(int? Number = null, string? Text = null)
{
    public Int32OrStringV1(int value) : this(Number: value)
    {
    }

    public Int32OrStringV1(string? value) : this(
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null,
        int.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : value)
    {
    }

    public static implicit operator Int32OrStringV1(int value) => new(value);

    public static implicit operator Int32OrStringV1?(string? value) => value is null ? null : new(value);
}
