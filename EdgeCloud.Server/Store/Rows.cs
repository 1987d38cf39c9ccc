using System.Data.Common;
using System.Globalization;

namespace EdgeCloud.Server.Store;

/// <summary>What the engines read alike.</summary>
internal static class Rows
{
    /// <summary>A whole number: PostgreSQL's sums of them are decimal, and its small ones int.</summary>
    public static long GetWhole(this DbDataReader row, int column) =>
        Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}
