namespace EdgeCloud.Tests.Models;

internal sealed partial class ReferenceInterpreter
{
    private float[] Convolve(TfLiteGraph.Operator op)
    {
        var options = op.Options!.Value;
        var (input, filter, output) = (Shape(op.Inputs[0]), Shape(op.Inputs[1]), Shape(op.Outputs[0]));
        var (x, w, bias) = (Value(op.Inputs[0]), Value(op.Inputs[1]), Bias(op));
        var (strideY, strideX, dilationY, dilationX) =
            (options.Int(2), options.Int(1), options.Int(5, 1), options.Int(4, 1));
        var (padY, padX) = Padding(options, input, filter[1], filter[2], output, dilationY, dilationX);
        var (depth, perGroup) = (filter[3], output[3] / (input[3] / filter[3]));
        return Fill(output, (n, oy, ox, oc) =>
        {
            double sum = bias?[oc] ?? 0;
            for (var fy = 0; fy < filter[1]; fy++)
            {
                for (var fx = 0; fx < filter[2]; fx++)
                {
                    var (iy, ix) = (oy * strideY - padY + fy * dilationY, ox * strideX - padX + fx * dilationX);
                    if (iy < 0 || iy >= input[1] || ix < 0 || ix >= input[2])
                        continue;
                    var pixel = ((n * input[1] + iy) * input[2] + ix) * input[3] + oc / perGroup * depth;
                    var weight = ((oc * filter[1] + fy) * filter[2] + fx) * depth;
                    for (var ic = 0; ic < depth; ic++)
                        sum += (double)x[pixel + ic] * w[weight + ic];
                }
            }
            return (float)sum;
        });
    }

    private float[] ConvolveDepthwise(TfLiteGraph.Operator op)
    {
        var options = op.Options!.Value;
        var (input, filter, output) = (Shape(op.Inputs[0]), Shape(op.Inputs[1]), Shape(op.Outputs[0]));
        var (x, w, bias) = (Value(op.Inputs[0]), Value(op.Inputs[1]), Bias(op));
        var (strideY, strideX, dilationY, dilationX) =
            (options.Int(2), options.Int(1), options.Int(6, 1), options.Int(5, 1));
        var (padY, padX) = Padding(options, input, filter[1], filter[2], output, dilationY, dilationX);
        var multiplier = output[3] / input[3];
        return Fill(output, (n, oy, ox, oc) =>
        {
            double sum = bias?[oc] ?? 0;
            for (var fy = 0; fy < filter[1]; fy++)
            {
                for (var fx = 0; fx < filter[2]; fx++)
                {
                    var (iy, ix) = (oy * strideY - padY + fy * dilationY, ox * strideX - padX + fx * dilationX);
                    if (iy < 0 || iy >= input[1] || ix < 0 || ix >= input[2])
                        continue;
                    var value = x[((n * input[1] + iy) * input[2] + ix) * input[3] + oc / multiplier];
                    sum += (double)value * w[(fy * filter[2] + fx) * output[3] + oc];
                }
            }
            return (float)sum;
        });
    }

    private float[] MaxPool(TfLiteGraph.Operator op)
    {
        var options = op.Options!.Value;
        var (input, output, x) = (Shape(op.Inputs[0]), Shape(op.Outputs[0]), Value(op.Inputs[0]));
        var (strideY, strideX, filterY, filterX) = (options.Int(2), options.Int(1), options.Int(4), options.Int(3));
        var (padY, padX) = Padding(options, input, filterY, filterX, output, 1, 1);
        return Fill(output, (n, oy, ox, c) =>
        {
            var most = float.NegativeInfinity;
            for (var fy = 0; fy < filterY; fy++)
            {
                for (var fx = 0; fx < filterX; fx++)
                {
                    var (iy, ix) = (oy * strideY - padY + fy, ox * strideX - padX + fx);
                    if (iy >= 0 && iy < input[1] && ix >= 0 && ix < input[2])
                        most = Math.Max(most, x[((n * input[1] + iy) * input[2] + ix) * input[3] + c]);
                }
            }
            return most;
        });
    }

    private float[] ResizeBilinear(TfLiteGraph.Operator op)
    {
        var (input, output, x) = (Shape(op.Inputs[0]), Shape(op.Outputs[0]), Value(op.Inputs[0]));
        var (alignCorners, halfPixelCenters) = (op.Options!.Value.Byte(2) != 0, op.Options!.Value.Byte(3) != 0);
        return Fill(output, (n, oy, ox, c) =>
        {
            var (y0, y1, dy) = Between(oy, input[1], output[1]);
            var (x0, x1, dx) = Between(ox, input[2], output[2]);
            return (float)(At(y0, x0) * (1 - dy) * (1 - dx)
                + At(y1, x0) * dy * (1 - dx) + At(y0, x1) * (1 - dy) * dx + At(y1, x1) * dy * dx);

            double At(int iy, int ix) => x[((n * input[1] + iy) * input[2] + ix) * input[3] + c];
        });

        (int Lower, int Upper, double Fraction) Between(int target, int inputSize, int outputSize)
        {
            var scale =
                alignCorners && outputSize > 1 ? (inputSize - 1.0) / (outputSize - 1) : (double)inputSize / outputSize;
            var source = halfPixelCenters ? (target + 0.5) * scale - 0.5 : target * scale;
            var lower = Math.Max((int)Math.Floor(source), 0);
            return (lower, Math.Min((int)Math.Ceiling(source), inputSize - 1), source - lower);
        }
    }

    private float[] DepthToSpace(TfLiteGraph.Operator op)
    {
        var block = op.Options!.Value.Int(0);
        var (input, output, x) = (Shape(op.Inputs[0]), Shape(op.Outputs[0]), Value(op.Inputs[0]));
        return Fill(output, (n, oy, ox, c) =>
        {
            var depth = c + ((oy % block) * block + ox % block) * output[3];
            return x[((n * input[1] + oy / block) * input[2] + ox / block) * input[3] + depth];
        });
    }

    private float[] Pad(TfLiteGraph.Operator op)
    {
        var (input, output, x, amounts) =
            (Shape(op.Inputs[0]), Shape(op.Outputs[0]), Value(op.Inputs[0]), Integers(op.Inputs[1]));
        var padded = new float[output.Aggregate(1, (a, b) => a * b)];
        for (var from = 0; from < x.Length; from++)
        {
            var coordinates = Coordinates(from, input);
            for (var axis = 0; axis < coordinates.Length; axis++)
                coordinates[axis] += amounts[2 * axis];
            padded[Index(coordinates, output)] = x[from];
        }
        return padded;
    }

    private float[] Concatenate(TfLiteGraph.Operator op)
    {
        var output = Shape(op.Outputs[0]);
        var axis = op.Options!.Value.Int(0) is var given && given < 0 ? given + output.Length : given;
        var result = new float[output.Aggregate(1, (a, b) => a * b)];
        var start = 0;
        foreach (var operand in op.Inputs)
        {
            var (shape, x) = (Shape(operand), Value(operand));
            for (var from = 0; from < x.Length; from++)
            {
                var coordinates = Coordinates(from, shape);
                coordinates[axis] += start;
                result[Index(coordinates, output)] = x[from];
            }
            start += shape[axis];
        }
        return result;
    }

    private float[] Add(TfLiteGraph.Operator op)
    {
        var output = Shape(op.Outputs[0]);
        var sum = new float[output.Aggregate(1, (a, b) => a * b)];
        foreach (var operand in op.Inputs)
        {
            var (shape, x) = (Shape(operand), Value(operand));
            for (var to = 0; to < sum.Length; to++)
            {
                sum[to] += x.Length == sum.Length ? x[to] : x[Broadcast(Coordinates(to, output), shape)];
            }
        }
        return sum;
    }

    /// <summary>Axes are aligned at the last one, an axis of size 1 repeats.</summary>
    private static int Broadcast(int[] coordinates, int[] shape) =>
        Index(
            [.. coordinates[^shape.Length..].Zip(shape, (coordinate, size) => Math.Min(coordinate, size - 1))], shape);

    private float[]? Bias(TfLiteGraph.Operator op) => op.Inputs is [_, _, not -1 and var bias] ? Value(bias) : null;

    /// <summary>
    /// What is padded before the first row and column: ComputePadding of kernels/padding.h, VALID is 1.
    /// </summary>
    private static (int Y, int X) Padding(
        TfLiteGraph.Table options, int[] input, int filterY, int filterX, int[] output, int dilationY, int dilationX)
    {
        if (options.Byte(0) == 1)
            return (0, 0);
        var y = (output[1] - 1) * options.Int(2) + (filterY - 1) * dilationY + 1 - input[1];
        var x = (output[2] - 1) * options.Int(1) + (filterX - 1) * dilationX + 1 - input[2];
        return (Math.Max(y, 0) / 2, Math.Max(x, 0) / 2);
    }

    private static float[] Fill(int[] shape, Func<int, int, int, int, float> value)
    {
        var result = new float[shape[0] * shape[1] * shape[2] * shape[3]];
        Parallel.For(0, shape[0] * shape[1], row =>
        {
            var (n, y) = (row / shape[1], row % shape[1]);
            var index = row * shape[2] * shape[3];
            for (var x = 0; x < shape[2]; x++)
            {
                for (var c = 0; c < shape[3]; c++)
                    result[index++] = value(n, y, x, c);
            }
        });
        return result;
    }

    private static int[] Coordinates(int index, int[] shape)
    {
        var coordinates = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
            (index, coordinates[axis]) = (index / shape[axis], index % shape[axis]);
        return coordinates;
    }

    private static int Index(int[] coordinates, int[] shape)
    {
        var index = 0;
        for (var axis = 0; axis < shape.Length; axis++)
            index = index * shape[axis] + coordinates[axis];
        return index;
    }
}
