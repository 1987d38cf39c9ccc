namespace EdgeCloud.Edge.Phone;

/// <summary>A folder that its owner alone may enter, with files that the owner alone may read.</summary>
internal sealed class PrivateFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>The text of a file, or null when there is none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null;

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public void Write(string name, string text)
    {
        var (file, part) = (PathOf(name), PathOf($"{name}.{Guid.NewGuid():N}"));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            File.SetUnixFileMode(Directory.CreateDirectory(path).FullName, OwnerOnly | UnixFileMode.UserExecute);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var writer = new StreamWriter(part, options))
                writer.Write(text);
            File.Move(part, file, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    public string PathOf(string name) => Path.Combine(path, name);
}
