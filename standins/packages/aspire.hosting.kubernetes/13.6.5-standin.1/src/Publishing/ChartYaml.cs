using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;
using System.Collections;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;
using YamlDotNet.Serialization.NamingConventions;
using YamlDotNet.Serialization.ObjectGraphVisitors;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>
/// YAML in Aspire's manner: nothing that is null or an empty collection, every string value in
/// double quotes, keys plain.
/// </summary>
internal static class ChartYaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .WithTypeConverter(new IntOrStringConverter())
        .WithEventEmitter(next => new QuotedValues(next))
        .WithEmissionPhaseObjectGraphVisitor(visitor => new WithoutEmptyCollections(visitor.InnerVisitor))
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
        .WithNewLine("\n")
        .WithIndentedSequences()
        .Build();

    public static string Serialize(object graph) => Serializer.Serialize(graph);

    private sealed class IntOrStringConverter : IYamlTypeConverter
    {
        public bool Accepts(Type type) => type == typeof(Int32OrStringV1);

        public object ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer) =>
            throw new NotSupportedException();

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer)
        {
            var either = (Int32OrStringV1)value!;
            serializer(either.Number is { } number ? number : either.Text);
        }
    }

    /// <summary>
    /// In a mapping keys and values take turns; whatever is nested counts as the one of the two that it is.
    /// </summary>
    private sealed class QuotedValues(IEventEmitter next) : ChainedEventEmitter(next)
    {
        private readonly Stack<Nesting> _open = new([new Nesting(IsMapping: false)]);

        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (_open.Peek().IsNextAValue() && eventInfo.Source.Type == typeof(string))
                eventInfo = new ScalarEventInfo(eventInfo.Source) { Style = ScalarStyle.DoubleQuoted };
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(MappingStartEventInfo eventInfo, IEmitter emitter)
        {
            _open.Peek().IsNextAValue();
            _open.Push(new Nesting(IsMapping: true));
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(MappingEndEventInfo eventInfo, IEmitter emitter)
        {
            _open.Pop();
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(SequenceStartEventInfo eventInfo, IEmitter emitter)
        {
            _open.Peek().IsNextAValue();
            _open.Push(new Nesting(IsMapping: false));
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(SequenceEndEventInfo eventInfo, IEmitter emitter)
        {
            _open.Pop();
            base.Emit(eventInfo, emitter);
        }

        private sealed record Nesting(bool IsMapping)
        {
            private bool _isValue;

            public bool IsNextAValue()
            {
                var isValue = _isValue;
                _isValue = !isValue;
                return !IsMapping || isValue;
            }
        }
    }

    private sealed class WithoutEmptyCollections(IObjectGraphVisitor<IEmitter> next) : ChainedObjectGraphVisitor(next)
    {
        public override bool EnterMapping(
            IPropertyDescriptor key, IObjectDescriptor value, IEmitter context, ObjectSerializer serializer) =>
            value.Value is not (null or IEnumerable)
            || value.Value is IEnumerable values && values.GetEnumerator().MoveNext()
                ? base.EnterMapping(key, value, context, serializer)
                : false;
    }
}
