using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A string whose parts (endpoints, parameters, connection strings) are known only when the application runs.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    private readonly IManifestExpressionProvider[] _parts;

    private ReferenceExpression(string format, IManifestExpressionProvider[] parts)
    {
        Format = format;
        _parts = parts;
    }

    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders => [.. _parts.Cast<IValueProvider>()];

    public IReadOnlyList<string> ManifestExpressions => [.. _parts.Select(part => part.ValueExpression)];

    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => _parts;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new object?[_parts.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = await ((IValueProvider)_parts[i]).GetValueAsync(cancellationToken);

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + 4 * formattedCount);
        private readonly List<IManifestExpressionProvider> _parts = [];

        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

        public readonly void AppendFormatted(string? value)
        {
            if (value is not null) AppendLiteral(value);
        }

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_parts.Count}}}");
            _parts.Add(valueProvider);
        }

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _parts]);
    }
}
