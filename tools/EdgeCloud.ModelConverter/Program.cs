using System.CommandLine;
using EdgeCloud.ModelConverter;

var input = new Argument<FileInfo>("input.tflite") { Description = "The TFLite model to read." };
var output =
    new Argument<FileInfo>("output.onnx") { Description = "The ONNX model to write; replaced only by a whole one." };
var withoutOutput = new Option<string[]>("--without-output")
{
    Description = "An output of the model to leave out, with everything only it needs. May be given more than once.",
    HelpName = "name",
};

var command =
    new RootCommand("Converts a TFLite model to ONNX (opset 13, NCHW, fp32).") { input, output, withoutOutput };
command.SetAction(arguments => ConvertFile.Run(
    arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), arguments.GetValue(withoutOutput) ?? []));
return command.Parse(args).Invoke();
