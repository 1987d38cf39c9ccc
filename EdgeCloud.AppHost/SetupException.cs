namespace EdgeCloud.AppHost;

/// <summary>What keeps the system from starting, in one line that says what and what to do.</summary>
internal sealed class SetupException(string message) : Exception(message);
