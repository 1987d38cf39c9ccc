namespace Aspire.Hosting.ApplicationModel;

internal sealed class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IValueProvider
{
    public IResourceWithConnectionString Resource => resource;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var value = await resource.GetConnectionStringAsync(cancellationToken);
            return string.IsNullOrEmpty(value) && !optional
                ? throw new DistributedApplicationException($"The connection string of the resource '{resource.Name}' is empty.")
                : value;
        }
        catch (MissingParameterValueException) when (optional)
        {
            return null;
        }
    }
}
