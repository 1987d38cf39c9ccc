using EdgeCloud.Edge.Tracking;

namespace EdgeCloud.Tests.Edge.Tracking;

public sealed class AssignmentTests
{
    private readonly Assignment _assignment = new();

    [Fact]
    public void No_other_assignment_costs_less()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var (rows, columns) = (random.Next(0, 5), random.Next(5, 7));

            // Few values, so that many costs are equal.
            double[] costs = [.. Enumerable.Range(0, rows * columns).Select(_ => (double)random.Next(-6, 4))];
            var columnOf = new int[rows];

            _assignment.Solve(costs, rows, columns, columnOf);

            Assert.Equal(rows, columnOf.Distinct().Count());
            Assert.Equal(
                Least(costs, rows, columns, []),
                columnOf.Select((column, row) => costs[(row * columns) + column]).Sum());
        }
    }

    private static double Least(double[] costs, int rows, int columns, int[] taken) =>
        taken.Length == rows
            ? 0
            : Enumerable.Range(0, columns).Except(taken).Min(column =>
                costs[(taken.Length * columns) + column] + Least(costs, rows, columns, [.. taken, column]));
}
