using System.Numerics;
using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Tests.Edge.Inference.Poses;

public sealed class HeatmapRefinementTests
{
    private const int Size = 64;

    [Fact]
    public void It_agrees_with_the_definition_written_plainly()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var heatmap = Enumerable.Range(0, Size * Size).Select(_ => (random.NextSingle() * 12) - 10).ToArray();
            var position = new Vector2((random.NextSingle() * 1.2f) - 0.1f, (random.NextSingle() * 1.2f) - 0.1f);
            var expected = Plain(heatmap, position);
            var actual = HeatmapRefinement.Refine(heatmap, Size, position);
            Assert.True(Vector2.Distance(expected, actual) < 1e-5f, $"{position}: {expected} is not {actual}");
        }
    }

    [Fact]
    public void A_single_certain_cell_draws_the_landmark_to_itself()
    {
        var heatmap = Enumerable.Repeat(-30f, Size * Size).ToArray();
        heatmap[(20 * Size) + 31] = 30;
        var refined = HeatmapRefinement.Refine(heatmap, Size, new Vector2(30.5f, 22.5f) / Size);
        Assert.True(Vector2.Distance(new Vector2(31, 20) / Size, refined) < 1e-6f, $"{refined}");
    }

    [Theory]
    [InlineData(0.001f, true)]
    [InlineData(0f, true)]
    [InlineData(-0.001f, false)]
    public void A_confidence_of_one_half_is_what_it_takes(float raw, bool moves)
    {
        var heatmap = Enumerable.Repeat(-30f, Size * Size).ToArray();
        heatmap[(33 * Size) + 33] = raw;
        var position = new Vector2(32.2f) / Size;
        Assert.Equal(moves, HeatmapRefinement.Refine(heatmap, Size, position) != position);
    }

    [Theory]
    [InlineData(1f, 0.5f, false)]
    [InlineData(0.5f, 1.2f, false)]
    [InlineData(-0.02f, 0.5f, false)]
    [InlineData(-0.01f, 0.5f, true)]
    [InlineData(0.999f, 0.5f, true)]
    public void Outside_the_heatmap_a_landmark_stays_where_it_is(float x, float y, bool moves)
    {
        var heatmap = Enumerable.Repeat(5f, Size * Size).ToArray();
        Assert.Equal(moves, HeatmapRefinement.Refine(heatmap, Size, new Vector2(x, y)) != new Vector2(x, y));
    }

    private static Vector2 Plain(float[] heatmap, Vector2 position)
    {
        var (column, row) = ((int)Math.Truncate(position.X * Size), (int)Math.Truncate(position.Y * Size));
        if (column is < 0 or >= Size || row is < 0 or >= Size)
            return position;
        var window = (
            from y in Enumerable.Range(row - 3, 7)
            from x in Enumerable.Range(column - 3, 7)
            where x is >= 0 and < Size && y is >= 0 and < Size
            select (X: x, Y: y, Confidence: 1 / (1 + Math.Exp(-heatmap[(y * Size) + x])))).ToArray();
        if (window.Max(cell => cell.Confidence) < 0.5)
            return position;
        var sum = window.Sum(cell => cell.Confidence);
        return new Vector2((float)(window.Sum(cell => cell.X * cell.Confidence) / sum / Size), (float)(
            window.Sum(cell => cell.Y * cell.Confidence) / sum / Size));
    }
}
