using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.FlatBuffers;

namespace EdgeCloud.ModelConverter.TfLite;

/// <summary>
/// Reads a TFLite file, schema version 3. Field numbers are those of tensorflow/compiler/mlir/lite/schema/schema.fbs.
/// What comes out is consistent in itself: indices exist, operators read only what is written before, no
/// tensor is written twice.
/// </summary>
internal static class TfLiteReader
{
    private const uint SchemaVersion = 3;

    // Far above any model of this kind; a list of a file may name the same bytes again and again, so its
    // length alone bounds no work.
    private const int MostTensors = 16_384;
    private const int MostOperands = 256;
    public const int MostDimensions = 8;
    private const int MostNameBytes = 2_048;

    public static TfLiteModel Read(ReadOnlyMemory<byte> file)
    {
        var buffer = new FlatBuffer(file);
        var root = buffer.Root("TFL3"u8, "TFLite");
        if (root.UInt32(0) is var version && version != SchemaVersion)
            throw new ModelConversionException(
                $"has TFLite schema version {version}; only version {SchemaVersion} is known.");

        var codes = Array.ConvertAll(root.Tables(1, MostTensors), ReadOperatorCode);
        var buffers = Array.ConvertAll(root.Tables(4, MostTensors), ReadData);
        var subgraphs = root.Tables(2, 2);
        if (subgraphs.Length != 1)
            throw new ModelConversionException(
                $"has {(subgraphs.Length == 0 ? "no subgraph" : "several subgraphs")}; exactly one can be converted.");

        var graph = subgraphs[0];
        var tensors = Array.ConvertAll(graph.Tables(0, MostTensors), table => ReadTensor(table, buffers));
        var model = new TfLiteModel(
            tensors,
            graph.Int32s(1, MostOperands),
            graph.Int32s(2, MostOperands),
            Array.ConvertAll(graph.Tables(3, MostTensors), table => ReadOperator(table, codes)));
        RequireConsistent(model);
        return model;
    }

    private static (TfLiteOperatorCode Code, string Name, int Version) ReadOperatorCode(FlatTable table)
    {
        // The old one-byte field stays in use for codes below 127; the wider one came later.
        var code = (TfLiteOperatorCode)Math.Max(table.Byte(0), table.Int32(3));
        var name = code == TfLiteOperatorCode.CUSTOM ? $"CUSTOM '{table.Text(1, MostNameBytes)}'" : code.ToString();
        return (code, name, table.Int32(2, absent: 1));
    }

    private static ReadOnlyMemory<byte> ReadData(FlatTable table)
    {
        if (table.UInt64(1) > 1)
            throw new ModelConversionException("keeps its weights outside of the FlatBuffer, which is not supported.");
        return table.Bytes(0);
    }

    private static TfLiteTensor ReadTensor(FlatTable table, ReadOnlyMemory<byte>[] buffers)
    {
        var name = table.Text(3, MostNameBytes);
        var buffer = table.UInt32(2);
        if (buffer >= buffers.Length)
            throw new ModelConversionException(
                $"is damaged: tensor '{name}' refers to buffer {buffer} of {buffers.Length}.");
        if (table.UInt32(10) != 0)
            throw new ModelConversionException(
                $"keeps the data of tensor '{name}' in another file, which is not supported.");
        return new TfLiteTensor(
            name, (TfLiteType)table.Byte(1), table.Int32s(0, MostDimensions), buffers[buffer], table.Table(6));
    }

    private static TfLiteOperator ReadOperator(
        FlatTable table, (TfLiteOperatorCode Code, string Name, int Version)[] codes)
    {
        var index = table.UInt32(0);
        if (index >= codes.Length)
            throw new ModelConversionException(
                $"is damaged: an operator refers to operator code {index} of {codes.Length}.");
        var (code, name, version) = codes[index];
        return new TfLiteOperator(
            code, name, version, table.Int32s(1, MostOperands), table.Int32s(2, MostOperands),
            (TfLiteOptionsType)table.Byte(3), table.Table(4));
    }

    private static void RequireConsistent(TfLiteModel model)
    {
        if (model.Inputs.Length == 0 || model.Outputs.Length == 0)
            throw new ModelConversionException("has no input or no output.");

        var written = new bool[model.Tensors.Length];
        for (var index = 0; index < written.Length; index++)
            written[index] = model.Tensors[index].IsConstant;
        foreach (var input in model.Inputs)
            Write(input, "the model's inputs");
        foreach (var op in model.Operators)
        {
            foreach (var input in op.Inputs)
            {
                if (input != -1 && !written[Existing(input)])
                {
                    throw new ModelConversionException(
                        $"is damaged: {op.Name} reads tensor '{model.Tensors[input].Name}' before anything writes it.");
                }
            }
            foreach (var output in op.Outputs)
                Write(output, op.Name);
        }
        foreach (var output in model.Outputs)
        {
            if (!written[Existing(output)])
                throw new ModelConversionException(
                    $"is damaged: nothing writes output '{model.Tensors[output].Name}'.");
        }

        void Write(int tensor, string by)
        {
            if (written[Existing(tensor)])
                throw new ModelConversionException(
                    $"is damaged: tensor '{model.Tensors[tensor].Name}' is written twice, the second time by {by}.");
            written[tensor] = true;
        }

        int Existing(int tensor) => tensor >= 0 && tensor < model.Tensors.Length
            ? tensor
            : throw new ModelConversionException(
                $"is damaged: tensor {tensor} is referred to, there are {model.Tensors.Length}.");
    }
}
