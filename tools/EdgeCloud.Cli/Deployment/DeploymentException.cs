namespace EdgeCloud.Cli.Deployment;

/// <summary>Something that ends a deployment; the message says what, and what helps.</summary>
internal sealed class DeploymentException(string message) : Exception(message);
