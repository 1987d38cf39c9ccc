namespace EdgeCloud.Edge.Inference;

/// <summary>The models to look at a frame with, of those that are loaded.</summary>
/// <param name="Faces">The face model, or both.</param>
/// <param name="Pose">The pose model, or none.</param>
internal readonly record struct ModelChoice(FaceRange Faces, PoseMode Pose);
