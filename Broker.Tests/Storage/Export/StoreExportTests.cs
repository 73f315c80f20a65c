using Broker.Core.Topics;
using Broker.Primitives;
using Broker.Storage.Database;
using Broker.Storage.Export;
using Broker.Storage.Journal;
using Broker.Tests.Storage.Database;
using NUnit.Framework;

namespace Broker.Tests.Storage.Export;

public sealed class StoreExportTests : DatabaseFixture
{
    private const string Head = """{"type":"broker","format":1,"exportedAt":1}""" + "\n";
    private const string Session =
        """{"type":"session","clientId":"c","listener":"plain","protocol":"Mqtt5","expirySeconds":60,"detachedAt":5,"lastSequence":0}""" + "\n";

    [Test]
    public void Text_is_readable_and_the_rest_is_base64()
    {
        Database.Begin();
        Database.Retained(new MessageData { Topic = "a"u8, Payload = "grüße \"1\""u8, Publisher = "p"u8, Qos = Qos.AtLeastOnce, ExpiresAt = 77 });
        Database.Retained(new MessageData { Topic = "b"u8, Payload = [255], Properties = [1, 1], ExpiresAt = Message.NeverExpires });
        Database.Commit(1, 1);

        Assert.That(Export().Split('\n'), Is.EqualTo([
            """{"type":"broker","format":1,"exportedAt":1000}""",
            """{"type":"retained","topic":"a","qos":1,"retain":true,"expiresAt":77,"publisher":"p","payload":"grüße \"1\""}""",
            """{"type":"retained","topic":"b","qos":0,"retain":true,"publisher":"","propertiesBase64":"AQE=","payloadBase64":"/w=="}""",
            """{"type":"end","retained":2,"sessions":0,"queued":0}""",
            "",
        ]));
    }

    [Test]
    public void What_was_exported_is_the_same_after_an_import()
    {
        Fill();
        var exported = Export();
        using var other = StoreDatabase.Open(InDirectory("other.db"));

        var counts = StoreImport.Read(other, new StringReader(exported), replace: false);

        Assert.That(counts, Is.EqualTo(new ExportCounts(1, 2, 3)));
        Assert.That(Export(other), Is.EqualTo(exported));
        var session = other.LoadSessions(Clock).First();
        Assert.That((session.Identity.ClientId, session.Identity.Username, session.LastSequence), Is.EqualTo(("one", "ann", 30L)));
        Assert.That((session.Will!.DelaySeconds, session.QueuedCount, session.Released), Is.EqualTo((9u, 2, new long[] { 4 })));
        Assert.That(other.ReadQueue(session.Key, 0, 9, Clock)[0].Identifiers, Is.EqualTo(new uint[] { 7, 8 }));
    }

    [Test]
    public void A_session_that_was_attached_is_detached_since_the_last_write()
    {
        Database.Apply(d => d.Attach(1), writtenAt: 1234);

        Assert.That(Export(), Does.Contain("\"detachedAt\":1234,"));
    }

    [Test]
    public void Replacing_removes_what_was_there()
    {
        Fill();

        StoreImport.Read(Database, new StringReader(Head + Session + """{"type":"end","retained":0,"sessions":1,"queued":0}"""), replace: true);

        Assert.That(Sessions().Select(s => s.Identity.ClientId), Is.EqualTo(["c"]));
        Assert.That(Number("SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM retained) + (SELECT count(*) FROM message)"), Is.Zero);
    }

    [TestCase("", 0, "not complete")]
    [TestCase("{}", 1, "'type' is not a text")]
    [TestCase("nonsense", 1, "invalid")]
    [TestCase("""{"type":"broker","format":2}""", 1, "format 2 is not known")]
    [TestCase("""{"type":"end","retained":0,"sessions":0,"queued":0}""", 1, "begins with a line of the type 'broker'")]
    [TestCase(Head, 1, "not complete")]
    [TestCase(Head + Head, 2, "has one only")]
    [TestCase(Head + """{"type":"end","retained":1,"sessions":0,"queued":0}""", 2, "the file had 1 retained")]
    [TestCase(Head + """{"type":"future"}""", 2, "there is no type 'future'")]
    [TestCase(Head + """{"type":"retained","topic":"a/+","qos":1,"retain":true,"payload":"x"}""", 2, "'topic' is not a Topic Name")]
    [TestCase(Head + """{"type":"retained","topic":"a","qos":3,"retain":true,"payload":"x"}""", 2, "'qos' is not a number from 0 to 2")]
    [TestCase(Head + """{"type":"retained","topic":"a","qos":1,"retain":true}""", 2, "has a payload")]
    [TestCase(Head + """{"type":"retained","topic":"a","qos":1,"retain":true,"payloadBase64":"?"}""", 2, "'payloadBase64' is not base64")]
    [TestCase(Head + """{"type":"queued","sequence":1}""", 2, "follow their session")]
    [TestCase(Head + Session + Session, 3, "'clientId' of its own")]
    public void A_wrong_file_is_refused_and_changes_nothing(string text, int line, string expected)
    {
        Fill();
        var before = Export();

        Assert.That(
            () => StoreImport.Read(Database, new StringReader(text), replace: true),
            Throws.InstanceOf<ImportException>().With.Message.StartsWith($"line {line}: ").And.Message.Contains(expected));
        Assert.That(Export(), Is.EqualTo(before));
    }

    private void Fill()
    {
        Database.Begin();
        Database.SessionAttached(1, new SessionData
        {
            ClientId = "one"u8,
            HasUsername = true,
            Username = "ann"u8,
            Listener = "tls"u8,
            Protocol = ClientProtocol.Mqtt311,
            ExpirySeconds = 60,
            HasWill = true,
            Will = new MessageData { Topic = "w"u8, Payload = "gone"u8, Qos = Qos.AtLeastOnce, ExpiresAt = Message.NeverExpires },
            WillDelaySeconds = 9,
            WillExpirySeconds = 3,
        });
        Database.SessionDetached(1, 60, keepWill: true, 99);
        Database.Attach(2, "two");
        Database.Subscribed(1, "$share/g/a"u8, new SubscriptionOptions(Qos.ExactlyOnce, true, true, RetainHandling.SendIfNew), 12);
        Database.Received(1, 65_535);
        Database.Share(1, "shared");
        Database.Queued(1, 2, 1, default, new TermsData { Qos = Qos.AtLeastOnce, Identifiers = [7, 0, 0, 0, 8, 0, 0, 0], Group = "$share/g/a"u8 });
        Database.QueueShared(2, 1, 1);
        Database.Queue(1, 3, "own");
        Database.Queue(1, 4, "released");
        Database.Released(1, 4);
        Database.SequencesUsed(1, 30);
        Database.Retain("r", "kept");
        Database.Commit(3, 44);
    }

    private string Export() => Export(Database);

    private static string Export(StoreDatabase database)
    {
        using StringWriter output = new();
        StoreExport.Write(database, output, 1000);
        return output.ToString();
    }
}
