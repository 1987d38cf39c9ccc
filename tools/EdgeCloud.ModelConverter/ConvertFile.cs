using EdgeCloud.ModelConverter.Errors;

namespace EdgeCloud.ModelConverter;

/// <summary>The command line's one action: a file in, a file out, or one line on the standard error stream.</summary>
internal static class ConvertFile
{
    public static int Run(FileInfo input, FileInfo output, string[] withoutOutputs)
    {
        try
        {
            if (input.FullName == output.FullName)
                throw new ModelConversionException("is named as both input and output; name another output.");
            WriteWhole(output, TfLiteToOnnx.Convert(File.ReadAllBytes(input.FullName), withoutOutputs));
            return 0;
        }
        catch (ModelConversionException error)
        {
            return Fail($"{input}: {error.Message}");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && !input.Exists)
        {
            return Fail($"{input}: no such file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail($"{input}: {error.Message}");
        }
    }

    /// <summary>
    /// Nobody ever sees a half-written model, also not a build that was interrupted: it would take it for up to date.
    /// </summary>
    private static void WriteWhole(FileInfo output, byte[] content)
    {
        output.Directory!.Create();
        var temporary = Path.Combine(output.Directory.FullName, $".{output.Name}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, output.FullName, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return 1;
    }
}
