using Broker.Configuration;
using Broker.Configuration.Loading;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class ConfigurationErrorTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void All_mistakes_of_all_sources_are_reported_at_once()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "Mqt": { "ReceiveMaximum": 1 }, "ShutdownTimeoutSeconds": "soon" } }""");
        _directory.Write(".env", "\nBROKER__MQTT__MAXIMUMQOS=3");

        ConfigurationResult result = ConfigurationLoader.Load(new ConfigurationInputs
        {
            WorkingDirectory = _directory.Path,
            ConfigFile = json,
            Environment = new Dictionary<string, string> { ["BROKER__Admin__Adress"] = "127.0.0.1" },
            Settings = ["Sessions:QueueFullPolicy=DropOldst", "nonsense"],
            ExtPort = "70000",
        });

        Assert.That(result.Errors.Select(error => (error.Source, error.Key)), Is.EquivalentTo([
            ($"file {json}", "Broker:Mqt:ReceiveMaximum"),
            ($"file {json}", "Broker:ShutdownTimeoutSeconds"),
            (".env line 2", "BROKER__MQTT__MAXIMUMQOS"),
            ("environment", "BROKER__Admin__Adress"),
            ("command line", "--set Sessions:QueueFullPolicy"),
            ("command line", "--set"),
            ("command line", "--ext-port"),
        ]));
    }

    [TestCase("Mqt:ReceiveMaximum=1", "did you mean Mqtt?")]
    [TestCase("Mqtt:RecieveMaximum=1", "did you mean ReceiveMaximum?")]
    [TestCase("ReceiveMaximum=1", "did you mean Broker:Mqtt:ReceiveMaximum?")]
    [TestCase("Listeners:a:Prot=1", "did you mean Port?")]
    [TestCase("Listeners:a:Tls:CertFile=x", "did you mean CertificateFile?")]
    [TestCase("Admin:Port:Number=1", "Port is a single value and has no keys inside")]
    [TestCase("Admin:Frobnicate=1", "Admin holds Address, Port, Token, TokenFile, Tls")]
    [TestCase("Tls:IsEnabled=true", "Tls holds CertificateFile, KeyFile, KeyPassword, KeyPasswordFile, ServerNames, CaFile, ClientCertificate, RevocationFile, CertificateUsername, CertificateClientId, Versions, CipherSuites, HandshakeTimeoutSeconds, MaximumHandshakes")]
    public void An_unknown_key_is_named_with_the_nearest_known_one(string setting, string advice)
    {
        ConfigurationError error = Load(setting).Single();

        Assert.That(error.Reason, Is.EqualTo("unknown key"));
        Assert.That(error.Advice, Is.EqualTo(advice));
    }

    [Test]
    public void An_unknown_section_of_the_file_is_named()
    {
        string json = _directory.Write("broker.json", """{ "$schema": "x", "Borker": { "ExtPort": 1 }, "Broker": {} }""");

        ConfigurationError error = ConfigurationLoader.Load(Inputs() with { ConfigFile = json }).Errors.Single();

        Assert.That(error.ToString(), Is.EqualTo($"file {json}: Borker:ExtPort: unknown key; did you mean Broker?"));
    }

    [TestCase("Mqtt:MaximumQos=3", "out of range", "allowed: 0 to 2")]
    [TestCase("Mqtt:MaximumQos=-1", "out of range", "allowed: 0 to 2")]
    [TestCase("Mqtt:MaximumQos=two", "not a whole number", "write a number, 0 to 2")]
    [TestCase("Mqtt:MaximumQos=1.5", "not a whole number", "write a number, 0 to 2")]
    [TestCase("Sessions:MaximumExpiryIntervalSeconds=4294967296", "out of range", "allowed: 0 to 4294967295")]
    [TestCase("Listeners:a:SendBufferBytes=1000", "out of range", "allowed: 1024 to 1073741824, or 0 = the system's choice")]
    [TestCase("Mqtt:RetainAvailable=yes", "not a truth value", "write true or false")]
    [TestCase("Listeners:a:Protocol=Mqt", "not a known name", "use one of Mqtt, PrivateTcp, WebSocket, Multiplexed; did you mean Mqtt?")]
    [TestCase("Listeners:a:Protocol=0", "not a known name", "use one of Mqtt, PrivateTcp, WebSocket, Multiplexed")]
    [TestCase("Listeners:a:Address=localhost", "not an IP address", "write one like 127.0.0.1 or ::1, or * for all")]
    [TestCase("Admin:Address=*", "not an IP address", "write one like 127.0.0.1 or ::1")]
    [TestCase("Listeners:a:AccessRules:0=permit all", "not an access rule", "write 'allow' or 'deny', then 'all' or a network like 10.1.0.0/16")]
    [TestCase("Listeners:a:ProxyProtocolTrustedPeers=10.0.0.0/33", "not a network", "write a network like 10.1.0.0/16, or an address")]
    [TestCase("PrivateTcp:UplinkTopic=tcp/+/up", "not a Topic Name", "1 to 65535 bytes, without +, # and NUL")]
    [TestCase("PrivateTcp:DownlinkTopic=tcp/%d/dn", "unknown placeholder", "only %c (ClientId) and %u (Username) are replaced")]
    [TestCase("PrivateTcp:UplinkTopic=", "not a Topic Name", "1 to 65535 bytes, without +, # and NUL")]
    [TestCase("PrivateTcp:UplinkUserProperties=clientid,user", "unknown user property", "use protocol, clientid, username, peer; did you mean peer?")]
    [TestCase("Tls:Versions=1.1", "unknown TLS version", "use 1.2 or 1.3; did you mean 1.2?")]
    [TestCase("Tls:CipherSuites=TLS_AES_128_GCM_SHA255", "unknown cipher suite", "use IANA names like TLS_AES_128_GCM_SHA256; did you mean TLS_AES_128_GCM_SHA256?")]
    [TestCase("Logging:LogLevel:Default=Loud", "not a log level", "use one of Trace, Debug, Information, Warning, Error, Critical, None")]
    [TestCase("Mqtt=5", "this is a section and has no value of its own", null)]
    public void A_wrong_value_is_named_with_what_would_be_right(string setting, string reason, string? advice)
    {
        ConfigurationError error = Load(setting).Single();

        Assert.That(error.Reason, Is.EqualTo(reason));
        if (advice is not null)
        {
            Assert.That(error.Advice, Is.EqualTo(advice));
        }
    }

    [Test]
    public void A_missing_file_is_named_with_its_full_path()
    {
        ConfigurationError error = Load("Authentication:PasswordFile=no-such-file").Single();

        Assert.That(error.Reason, Is.EqualTo("no such file"));
        Assert.That(error.Advice, Is.EqualTo($"looked for {Path.GetFullPath("no-such-file")}"));
    }

    [Test]
    public void A_directory_is_no_file() =>
        Assert.That(Load($"Authentication:PasswordFile={_directory.Path}").Single().Reason, Is.EqualTo("this is a directory"));

    [Test]
    public void A_secret_is_never_printed()
    {
        IReadOnlyList<ConfigurationError> errors = Load("Tls:KeyPassword=hunter2");

        Assert.That(errors.Single().Key, Is.EqualTo("--set Tls:KeyPassword"));
        Assert.That(errors.Single().ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public void The_error_says_source_key_value_reason_and_advice() =>
        Assert.That(
            Load("Mqtt:MaximumQos=3").Single().ToString(),
            Is.EqualTo("command line: --set Mqtt:MaximumQos = '3': out of range; allowed: 0 to 2"));

    private ConfigurationInputs Inputs() => new() { WorkingDirectory = _directory.Path };

    private IReadOnlyList<ConfigurationError> Load(params string[] settings) =>
        ConfigurationLoader.Load(Inputs() with { Settings = settings }).Errors;
}
