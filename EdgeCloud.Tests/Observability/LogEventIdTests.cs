using System.Reflection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Observability;

/// <summary>
/// An event id tells a message from the others of its category, the class whose logger writes it. A class that has no
/// logger of its own is handed that of any class of its room, so its ids are unique among all of them.
/// </summary>
public sealed class LogEventIdTests
{
    private static readonly Message[] Messages =
    [
        .. from reference in typeof(LogEventIdTests).Assembly.GetReferencedAssemblies()
           where reference.Name!.StartsWith("EdgeCloud", StringComparison.OrdinalIgnoreCase)
           from type in Assembly.Load(reference).GetTypes()
           from method in type.GetMethods(
               BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let declared = method.GetCustomAttribute<LoggerMessageAttribute>()
           where declared is not null
           let owner = type.DeclaringType ?? type
           select new Message($"{owner.FullName}.{method.Name}", owner.Namespace!, CategoryOf(owner), declared.EventId),
    ];

    [Fact]
    public void Messages_of_one_category_have_different_event_ids()
    {
        Assert.NotEmpty(Messages);
        Assert.Empty(
            from one in Messages
            from other in Messages
            where string.CompareOrdinal(one.Name, other.Name) < 0
                && one.Room == other.Room && one.EventId == other.EventId
                && (one.Category is null || other.Category is null || one.Category == other.Category)
            select $"{one.Name} and {other.Name} share {one.EventId}");
    }

    /// <summary>Without one, the id is computed from the method's name, and changes with it.</summary>
    [Fact]
    public void Every_message_states_its_event_id() =>
        Assert.All(Messages, message => Assert.True(message.EventId > 0, message.Name));

    /// <returns>The class that it gets a logger for; null when it gets none.</returns>
    private static Type? CategoryOf(Type owner) => owner
        .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType))
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>))
        .Select(type => type.GenericTypeArguments[0]).Distinct().SingleOrDefault();

    private sealed record Message(string Name, string Room, Type? Category, int EventId);
}
