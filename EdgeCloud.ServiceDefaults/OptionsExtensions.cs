using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeCloud.ServiceDefaults;

public static class OptionsExtensions
{
    /// <summary>
    /// Binds a section, and validates it at the start. A word that is no choice cannot be bound, and the binder does
    /// not say what the choices are: the message of the property's <see cref="EnumDataTypeAttribute"/> does.
    /// </summary>
    /// <exception cref="OptionsValidationException">At the start: a value is not one that is allowed.</exception>
    public static OptionsBuilder<TOptions> BindValidated<TOptions>(
        this OptionsBuilder<TOptions> options, string section)
        where TOptions : class => options
        .Configure<IConfiguration>((_, configuration) => RequireChoices<TOptions>(configuration.GetSection(section)))
        .BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static void RequireChoices<TOptions>(IConfigurationSection section)
    {
        foreach (var property in typeof(TOptions).GetProperties())
        {
            if (property.GetCustomAttribute<EnumDataTypeAttribute>() is { ErrorMessage: { } problem }
                && section[property.Name] is { } value && !Enum.TryParse(property.PropertyType, value, true, out _))
                throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), [problem]);
        }
    }
}
