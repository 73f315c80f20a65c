using Broker.Core.Ports;
using Broker.Storage;
using NUnit.Framework;

namespace Broker.Tests.Storage;

internal sealed class RecordFileTests
{
    private static readonly Ban[] Bans =
    [
        new(BanKind.User, "ève\n", new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero), "spam"),
        new(BanKind.Network, "10.6.0.0/16"),
    ];

    private string _path = null!;
    private RecordFile<Ban> _file = null!;

    [SetUp]
    public void Open()
    {
        _path = Path.Combine(Directory.CreateTempSubdirectory("records").FullName, "bans.jsonl");
        _file = new RecordFile<Ban>(_path);
    }

    [TearDown]
    public void Close() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Test]
    public void What_was_saved_last_is_loaded()
    {
        Assert.That(_file.Load(), Is.Empty);

        _file.Save(Bans);
        Assert.That(_file.Load(), Is.EqualTo(Bans));

        _file.Save(Bans[1..]);
        Assert.That(File.ReadAllText(_path), Is.EqualTo("""{"kind":"network","value":"10.6.0.0/16"}""" + "\n"));
        Assert.That(_file.Load(), Is.EqualTo(Bans[1..]));
    }

    [TestCase("""{"kind":"user","value":"eve"}""" + "\n" + """{"kind":"everybody","value":"x"}""", "line 2")]
    [TestCase("""{"kind":"user"}""", "line 1")]
    [TestCase("""{"kind":"user","value":"eve","untl":"2026-01-01"}""", "line 1")]
    [TestCase("null", "line 1")]
    [TestCase("""{"kind":"us""", "line 1")]
    public void A_line_that_is_no_record_is_named(string text, string place)
    {
        File.WriteAllText(_path, text);

        Assert.That(_file.Load, Throws.TypeOf<StoreException>().With.Message.Contains(_path).And.Message.Contains(place));
    }

    [Test]
    public void When_it_cannot_be_written_the_old_records_stay()
    {
        _file.Save(Bans);
        Directory.CreateDirectory(_path + ".new");

        Assert.That(() => _file.Save([]), Throws.InstanceOf<IOException>());
        Assert.That(_file.Load(), Is.EqualTo(Bans));
    }
}
