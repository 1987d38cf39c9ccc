using EdgeCloud.ModelConverter;
using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// The converter as the build calls it: a process with arguments, an exit code and one line for what went wrong.
/// </summary>
public sealed class ConverterCommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Input => _folder.File("small.tflite");
    private string Output => Path.Combine(_folder.Path, "models", "small.onnx");

    [Fact]
    public async Task A_model_is_written_whole_and_newer_than_its_source()
    {
        File.WriteAllBytes(Input, Model(TfLiteOp.Logistic));
        Assert.Equal((0, ""), await RunAsync(Input, Output));
        Assert.Equal(TfLiteToOnnx.Convert(File.ReadAllBytes(Input)), File.ReadAllBytes(Output));
        Assert.True(File.GetLastWriteTimeUtc(Output) >= File.GetLastWriteTimeUtc(Input));
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task Outputs_are_left_out_on_request()
    {
        File.WriteAllBytes(Input, Model(TfLiteOp.Tanh));
        Assert.Equal((0, ""), await RunAsync(Input, Output, "--without-output", "y"));
        using var model = new OnnxModel(Output);
        Assert.Equal(["sum"], model.OutputNames);
    }

    [Fact]
    public async Task An_unsupported_operator_ends_with_one_line_and_leaves_the_former_model_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
        File.WriteAllText(Output, "the former model");
        File.WriteAllBytes(Input, Model(TfLiteOp.Tanh));

        RequireRefusal(await RunAsync(Input, Output), "small.tflite", "TANH");
        Assert.Equal("the former model", File.ReadAllText(Output));
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task A_truncated_file_is_refused_with_its_name()
    {
        File.WriteAllBytes(Input, Model(TfLiteOp.Logistic)[..200]);
        RequireRefusal(await RunAsync(Input, Output), "small.tflite", "truncated");
        Assert.Equal([Input], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_missing_file_is_refused_with_its_name()
    {
        RequireRefusal(await RunAsync(Input, Output), "small.tflite", "no such file");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_refused_and_nothing_is_left_behind()
    {
        File.WriteAllBytes(Input, Model(TfLiteOp.Logistic));
        Directory.CreateDirectory(Output);
        RequireRefusal(await RunAsync(Input, Output), "small.tflite", "small.onnx");
        Assert.Equal([Output], Directory.GetFileSystemEntries(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task The_input_is_never_overwritten()
    {
        File.WriteAllBytes(Input, Model(TfLiteOp.Logistic));
        RequireRefusal(await RunAsync(Input, Input), "small.tflite", "another output");
        Assert.Equal(Model(TfLiteOp.Logistic), File.ReadAllBytes(Input));
    }

    [Fact]
    public async Task Too_few_arguments_are_an_error() =>
        Assert.NotEqual(0, (await RunAsync(Input)).ExitCode);

    public void Dispose() => _folder.Dispose();

    private static byte[] Model(TfLiteOp head)
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 4);
        var sum = model.Operator(TfLiteOp.Add, [x, x], "sum", [1, 4], new Table());
        return model.Output(sum, model.Operator(head, [sum], "y", [1, 4])).Build();
    }

    private static void RequireRefusal((int ExitCode, string Error) result, params string[] mentions)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n', '\r').Split('\n'));
        Assert.All(mentions, mention => Assert.Contains(mention, result.Error));
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        var converter = await ChildProcess.RunAsync(ChildProcess.Dotnet("EdgeCloud.ModelConverter", arguments));
        return (converter.ExitCode, converter.Error);
    }
}
