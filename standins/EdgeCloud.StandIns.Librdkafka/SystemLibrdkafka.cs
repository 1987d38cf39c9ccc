using System.Reflection;

namespace EdgeCloud.StandIns.Librdkafka;

public static class SystemLibrdkafka
{
    public static void Use(Assembly caller) { }
}
