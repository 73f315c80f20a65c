using Broker.Security;
using NUnit.Framework;

namespace Broker.Tests.Security;

public sealed class PasswordHashTests
{
    [Test]
    public void Verifies_the_password_it_was_made_from()
    {
        PasswordHash hash = PasswordHash.Create("secret"u8, 10);

        Assert.That(hash.Verify("secret"u8), Is.True);
        Assert.That(hash.Verify("Secret"u8), Is.False);
        Assert.That(hash.Verify(""u8), Is.False);
    }

    [Test]
    public void Survives_being_written_and_read()
    {
        Assert.That(PasswordHash.TryParse(PasswordHash.Create("secret"u8, 10).ToString(), out PasswordHash? hash), Is.True);
        Assert.That(hash!.Verify("secret"u8), Is.True);
        Assert.That(hash.Iterations, Is.EqualTo(10));
    }

    [Test]
    public void Is_salted()
    {
        string first = PasswordHash.Create("secret"u8, 10).ToString();
        string second = PasswordHash.Create("secret"u8, 10).ToString();

        Assert.That(first, Is.Not.EqualTo(second));
    }

    [Test]
    public void Is_slow_by_default() => Assert.That(PasswordHash.DefaultIterations, Is.GreaterThanOrEqualTo(210_000));

    [Test]
    public void Agrees_with_other_implementations()
    {
        // Python: hashlib.pbkdf2_hmac('sha512', b'secret', b'saltsalt', 1000)
        const string Text = "$pbkdf2-sha512$i=1000$c2FsdHNhbHQ=$sm09rUzS3++3+cqsWziIoWFO8bEknKwJwGEvyD1ra4PcWJt5OiWFlM/BVv8ybJe4XW8qMpq33ecFrOaibNGiHA==";

        Assert.That(PasswordHash.TryParse(Text, out PasswordHash? hash), Is.True);
        Assert.That(hash!.Verify("secret"u8), Is.True);
    }

    [TestCase("")]
    [TestCase("secret")]
    [TestCase("$pbkdf2-sha256$i=1000$c2FsdHNhbHQ=$AAAA")]
    [TestCase("$pbkdf2-sha512$i=0$c2FsdHNhbHQ=$AAAA")]
    [TestCase("$pbkdf2-sha512$i=99999999$c2FsdHNhbHQ=$AAAA")]
    [TestCase("$pbkdf2-sha512$i=1000$c2FsdHNhbHQ=$AAAA")]
    [TestCase("$pbkdf2-sha512$i=1000$!!!$AAAA")]
    public void Refuses_what_is_no_hash(string text) => Assert.That(PasswordHash.TryParse(text, out _), Is.False);
}
