using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Inference;

/// <summary>What the models found in a picture, as events tell it.</summary>
/// <param name="Faces">Best first.</param>
/// <param name="Poses">Of at most one person; null when there was no looking for any.</param>
/// <param name="Persons">How many are counted.</param>
internal sealed record Findings(IReadOnlyList<Face> Faces, IReadOnlyList<PersonPose>? Poses, int Persons);
