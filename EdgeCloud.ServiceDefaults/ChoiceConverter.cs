using System.ComponentModel;
using System.Globalization;

namespace EdgeCloud.ServiceDefaults;

/// <summary>
/// Reads a setting that is one of a few words. Of any other word it names the choices, which
/// <see cref="EnumConverter"/> does not.
/// </summary>
public sealed class ChoiceConverter(Type type) : EnumConverter(type)
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        try
        {
            return base.ConvertFrom(context, culture, value);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"It must be one of {string.Join(", ", Enum.GetNames(EnumType))}.", exception);
        }
    }
}
