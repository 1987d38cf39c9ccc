using System.ComponentModel.DataAnnotations;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Zones;

/// <summary>Configuration section <c>Edge:Zones</c>.</summary>
internal sealed class ZoneOptions
{
    public const string Section = "Edge:Zones";

    /// <summary>
    /// Where the edge keeps the zones and lines of all devices, JSON, as they are drawn on the pages. Followed when
    /// somebody else changes it.
    /// </summary>
    [Required(ErrorMessage = Section + ":Path must name a file.")]
    public string Path { get; set; } = DataFolder.File("zones.json");

    /// <summary>
    /// The same from somebody else, such as a mounted ConfigMap: while there is such a file, they are what it says, and
    /// the pages cannot change them.
    /// </summary>
    public string File { get; set; } = "";
}
