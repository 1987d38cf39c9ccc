namespace EdgeCloud.Edge.Inference;

internal static class Logistic
{
    /// <summary>From a model's raw value to a probability.</summary>
    public static float Sigmoid(float raw) => 1f / (1f + MathF.Exp(-raw));
}
