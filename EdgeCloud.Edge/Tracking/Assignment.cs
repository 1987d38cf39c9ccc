namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// The one-to-one assignment of rows to columns with the least sum of costs: the Hungarian method, by shortest
/// augmenting paths (Jonker and Volgenant 1987), in O(rows² × columns). Keeps its memory. Not thread-safe.
/// </summary>
internal sealed class Assignment
{
    private double[] _rowPotential = [];
    private double[] _columnPotential = [];
    private double[] _distance = [];
    private int[] _rowOf = [];
    private int[] _before = [];
    private bool[] _isDone = [];

    /// <param name="costs">Row by row; finite.</param>
    /// <param name="rows">At most as many as columns.</param>
    /// <param name="columns">How many.</param>
    /// <param name="columnOf">The column of each row.</param>
    public void Solve(ReadOnlySpan<double> costs, int rows, int columns, Span<int> columnOf)
    {
        Prepare(columns);
        for (var row = 1; row <= rows; row++)
        {
            var column = Reach(costs, row, columns);

            // Each row on the path takes the column after its own; column 0 stands for none.
            while (column != 0)
            {
                var before = _before[column];
                _rowOf[column] = _rowOf[before];
                column = before;
            }
        }

        for (var column = 1; column <= columns; column++)
        {
            if (_rowOf[column] > 0)
                columnOf[_rowOf[column] - 1] = column - 1;
        }
    }

    private void Prepare(int columns)
    {
        if (_rowOf.Length <= columns)
        {
            var size = (2 * columns) + 1;
            (_rowPotential, _columnPotential, _distance) = (new double[size], new double[size], new double[size]);
            (_rowOf, _before, _isDone) = (new int[size], new int[size], new bool[size]);
        }

        Array.Clear(_rowPotential, 0, columns + 1);
        Array.Clear(_columnPotential, 0, columns + 1);
        Array.Clear(_rowOf, 0, columns + 1);
    }

    /// <returns>The nearest column without a row.</returns>
    private int Reach(ReadOnlySpan<double> costs, int row, int columns)
    {
        Array.Fill(_distance, double.PositiveInfinity, 0, columns + 1);
        Array.Clear(_isDone, 0, columns + 1);
        _rowOf[0] = row;
        var column = 0;
        do
        {
            _isDone[column] = true;
            var (from, least, nearest) = (_rowOf[column], double.PositiveInfinity, 0);
            for (var other = 1; other <= columns; other++)
            {
                if (_isDone[other])
                    continue;
                var cost = costs[((from - 1) * columns) + other - 1] - _rowPotential[from] - _columnPotential[other];
                if (cost < _distance[other])
                    (_distance[other], _before[other]) = (cost, column);
                if (_distance[other] < least)
                    (least, nearest) = (_distance[other], other);
            }

            for (var other = 0; other <= columns; other++)
            {
                if (_isDone[other])
                {
                    _rowPotential[_rowOf[other]] += least;
                    _columnPotential[other] -= least;
                }
                else
                {
                    _distance[other] -= least;
                }
            }

            column = nearest;
        }
        while (_rowOf[column] != 0);
        return column;
    }
}
