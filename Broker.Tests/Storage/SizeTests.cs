using NUnit.Framework;

namespace Broker.Tests.Storage;

/// <summary>The limit on what the store holds on disk.</summary>
internal sealed class SizeTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    [TestCase(0, true)]
    [TestCase(10_000, false)]
    public async Task Above_it_the_store_takes_no_more_until_there_is_room(int maximum, bool staysAvailable)
    {
        using TestStore test = new();
        test.Options.MaximumBytes = maximum;
        test.Open();
        for (int sequence = 1; sequence <= 12; sequence++)
        {
            await test.CommitAsync(test.Queue(1, sequence, new string('t', 1000)));
        }

        Assert.That((test.Store.IsAvailable, test.Metrics.Storage.IsAvailable), Is.EqualTo((staysAvailable, staysAvailable)));

        test.Database.BytesInUse = 9_400;
        await MoveAsync(test);

        Assert.That((test.Store.IsAvailable, test.Metrics.Storage.IsAvailable), Is.EqualTo((true, true)));
        Assert.That(test.Metrics.Storage.BytesInUse, Is.EqualTo(9_400));
        Assert.That(test.Log.Contains("Storage:MaximumBytes is 10000", StringComparison.Ordinal), Is.EqualTo(!staysAvailable));
    }

    [TestCase(9_000, true)]
    [TestCase(11_000, false)]
    public void What_is_there_at_the_start_counts(int bytes, bool isAvailable)
    {
        using TestStore test = new();
        test.Options.MaximumBytes = 10_000;
        test.Database.BytesInUse = bytes;

        test.Open();

        Assert.That(test.Store.IsAvailable, Is.EqualTo(isAvailable));
    }

    [Test]
    public async Task A_full_store_still_takes_what_ends_deliveries()
    {
        using TestStore test = new();
        test.Options.MaximumBytes = 10_000;
        test.Database.BytesInUse = 20_000;
        test.Open();
        long removed = test.Store.Removed(1, 1);

        await test.CommitAsync(removed);

        Assert.That((test.Store.IsAvailable, test.Store.Committed), Is.EqualTo((false, removed)));
    }

    private static async Task MoveAsync(TestStore test)
    {
        test.Time.Advance(Beat);
        Assert.That(await test.Database.Committed.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        await test.ReadQueueAsync(1); // the mover answers when it has done all that came before
    }
}
