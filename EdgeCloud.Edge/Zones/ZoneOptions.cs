using System.ComponentModel.DataAnnotations;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Zones;

/// <summary>Configuration section <c>Edge:Zones</c>.</summary>
internal sealed class ZoneOptions
{
    public const string Section = "Edge:Zones";

    /// <summary>
    /// The file with the zones and lines of all devices, JSON. The edge writes it when they are edited on a page; one
    /// that it may not write, such as a mounted ConfigMap, is followed as it changes.
    /// </summary>
    [Required(ErrorMessage = Section + ":Path must name a file.")]
    public string Path { get; set; } = DataFolder.File("zones.json");
}
