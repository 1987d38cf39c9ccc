using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>What is wrong with JSON from outside, in words fit for a log line, a header or an answer.</summary>
public static class JsonProblem
{
    private const int MaxLength = 300;

    /// <summary>
    /// On one line and short: the framework's own message quotes the input, all the rest of it
    /// where a literal is broken.
    /// </summary>
    public static string Describe(JsonException exception)
    {
        var message = exception.Message.Length > MaxLength ? exception.Message[..MaxLength] + "…" : exception.Message;
        return string.Create(message.Length, message, static (line, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }
}
