using System.Reflection;
using Broker.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

internal sealed class ClientLimitsTests
{
    private static readonly PropertyInfo[] Members = typeof(ClientLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    [Test]
    public void Every_limit_that_is_not_set_comes_from_the_wider_place()
    {
        ClientLimits wide = Filled(2);

        Assert.That(new ClientLimits().Over(wide), Is.EqualTo(wide));
    }

    [Test]
    public void Every_limit_that_is_set_wins()
    {
        ClientLimits narrow = Filled(1);

        Assert.That(narrow.Over(Filled(2)), Is.EqualTo(narrow));
    }

    // Every member set, so that one that is forgotten shows.
    private static ClientLimits Filled(int value)
    {
        var limits = new ClientLimits();
        foreach (PropertyInfo member in Members)
        {
            Type type = Nullable.GetUnderlyingType(member.PropertyType)!;
            member.SetValue(limits, type == typeof(bool) ? value == 1 : Convert.ChangeType(value, type, null));
        }

        return limits;
    }
}
