using System.ComponentModel.DataAnnotations;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Phone;

/// <summary>Configuration section <c>Edge:Phone</c>.</summary>
internal sealed class PhoneOptions
{
    public const string Section = "Edge:Phone";

    /// <summary>Whether the edge listens for phones from the start on, and not only when it is asked to.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where, on all addresses, with HTTPS; 0 is any free port.</summary>
    [Range(0, 65535, ErrorMessage = Section + ":Port must lie between 0 and 65535.")]
    public int Port { get; set; } = 9443;

    /// <summary>Where the certificate authority and the paired phones are kept.</summary>
    [Required(ErrorMessage = Section + ":Folder must not be empty.")]
    public string Folder { get; set; } = DataFolder.File("phone");
}
