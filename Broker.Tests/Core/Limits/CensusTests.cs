using Broker.Core.Limits;
using NUnit.Framework;

namespace Broker.Tests.Core.Limits;

internal sealed class CensusTests
{
    [Test]
    public void A_name_has_its_limit_and_places_are_given_back()
    {
        var census = new Census();

        Assert.That((census.TryEnter("a", 2), census.TryEnter("a", 2), census.TryEnter("a", 2)), Is.EqualTo((true, true, false)));
        Assert.That(census.TryEnter("b", 2), "others have their own");
        census.Leave("a");
        Assert.That((census.Of("a"), census.TryEnter("a", 2)), Is.EqualTo((1, true)));
        census.Leave("a");
        census.Leave("a");
        census.Leave("b");
        Assert.That(census.Names, Is.Zero);
    }
}
