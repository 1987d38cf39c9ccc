namespace EdgeCloud.ServiceDefaults;

/// <summary>Where a service keeps its files when nobody says where: the user's local application data.</summary>
public static class DataFolder
{
    /// <returns>The path of a file there; of one among the temporary files for a user without such a folder.</returns>
    public static string File(string name) => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } folder ? folder : Path.GetTempPath(),
        "EdgeCloud", name);
}
