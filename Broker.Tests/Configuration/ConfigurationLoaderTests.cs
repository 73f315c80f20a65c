using Broker.Configuration;
using Broker.Configuration.Loading;
using NUnit.Framework;

namespace Broker.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Nothing_given_is_valid_and_gives_the_defaults()
    {
        ConfigurationResult result = Load();

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Options.Mqtt.ReceiveMaximum, Is.EqualTo(1024));
        Assert.That(result.Options.Listeners, Is.Empty);
    }

    [Test]
    public void Each_source_overrides_the_one_before()
    {
        string emqx = _directory.Write("emqx_tcp.conf", "tcp.proto.idle_timeout = 21s\n");
        string json = _directory.Write("broker.json", """{ "Broker": { "PrivateTcp": { "IdleTimeoutSeconds": 22 } } }""");
        ConfigurationInputs inputs = Inputs() with { EmqxTcpConf = emqx };
        Assert.That(IdleTimeout(), Is.EqualTo(21));

        inputs = inputs with { ConfigFile = json };
        Assert.That(IdleTimeout(), Is.EqualTo(22));

        _directory.Write(".env", "BROKER__PRIVATETCP__IDLETIMEOUTSECONDS=23");
        Assert.That(IdleTimeout(), Is.EqualTo(23));

        inputs = inputs with { Environment = new Dictionary<string, string> { ["BROKER__PrivateTcp__IdleTimeoutSeconds"] = "24" } };
        Assert.That(IdleTimeout(), Is.EqualTo(24));

        inputs = inputs with { Settings = ["PrivateTcp:IdleTimeoutSeconds=25"] };
        Assert.That(IdleTimeout(), Is.EqualTo(25));

        int IdleTimeout() => ConfigurationLoader.Load(inputs).Options.PrivateTcp.IdleTimeoutSeconds;
    }

    [Test]
    public void ExtPort_comes_from_env_file_environment_and_option_in_this_order()
    {
        _directory.Write(".env", "OTHER=1\n# comment\nexport EXT_PORT='9001' # one port\n");
        ConfigurationInputs inputs = Inputs();
        Assert.That(ConfigurationLoader.Load(inputs).Options.ExtPort, Is.EqualTo(9001));

        inputs = inputs with { Environment = new Dictionary<string, string> { ["EXT_PORT"] = "9002" } };
        Assert.That(ConfigurationLoader.Load(inputs).Options.ExtPort, Is.EqualTo(9002));

        inputs = inputs with { ExtPort = "9003" };
        Assert.That(ConfigurationLoader.Load(inputs).Options.ExtPort, Is.EqualTo(9003));
    }

    [Test]
    public void An_empty_environment_variable_counts_as_not_set()
    {
        ConfigurationResult result = ConfigurationLoader.Load(
            Inputs() with { Environment = new Dictionary<string, string> { ["EXT_PORT"] = "", ["BROKER__Mqtt__MaximumQos"] = "" } });

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Options.ExtPort, Is.Null);
    }

    [Test]
    public void A_list_replaces_the_list_of_a_weaker_source()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "Tls": { "Versions": [ "1.2", "1.3" ] } } }""");

        ConfigurationResult result = Load(json, "Tls:Versions=1.3");

        Assert.That(result.Options.Tls.Versions, Is.EqualTo(["1.3"]));
    }

    [Test]
    public void An_empty_list_replaces_a_list_too()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "PrivateTcp": { "UplinkUserProperties": [ "peer" ] } } }""");
        Assert.That(Load(json, "PrivateTcp:UplinkUserProperties=").Options.PrivateTcp.UplinkUserProperties, Is.Empty);

        string empty = _directory.Write("empty.json", """
            { "Broker": { "PrivateTcp": { "UplinkUserProperties": [ "peer" ] }, "Listeners": { "a": { "PrivateTcp": { "UplinkUserProperties": [] } } } } }
            """);
        Assert.That(Load(empty).Options.Listeners["a"].PrivateTcp!.UplinkUserProperties, Is.Empty);
    }

    [Test]
    public void Null_counts_as_not_set()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "ExtPort": null, "Mqtt": null, "Sessions": {} } }""");

        Assert.That(Load(json).Errors, Is.Empty);
    }

    [Test]
    public void Listeners_are_found_by_name_whatever_its_case()
    {
        string json = _directory.Write("broker.json", """{ "Broker": { "Listeners": { "Fleet": { "Protocol": "privatetcp", "Port": 8090 } } } }""");

        ConfigurationResult result = ConfigurationLoader.Load(Inputs() with
        {
            ConfigFile = json,
            Environment = new Dictionary<string, string> { ["BROKER__LISTENERS__FLEET__PORT"] = "8095" },
        });

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Options.Listeners, Has.Count.EqualTo(1));
        Assert.That(result.Options.Listeners["fleet"].Port, Is.EqualTo(8095));
        Assert.That(result.Options.Listeners["fleet"].Protocol, Is.EqualTo(ListenerProtocol.PrivateTcp));
    }

    [Test]
    public void A_listeners_PrivateTcp_section_lies_over_the_common_one()
    {
        string json = _directory.Write("broker.json", """
            {
              "Broker": {
                "PrivateTcp": { "UplinkTopic": "fleet/%c/up", "DownlinkTopic": "fleet/%c/dn", "UplinkUserProperties": [ "protocol", "peer" ] },
                "Listeners": {
                  "a": { "Port": 8090, "PrivateTcp": { "UplinkTopic": "a/%c/up" } },
                  "b": { "Port": 8091, "PrivateTcp": { "UplinkUserProperties": [ "clientid" ] } },
                  "c": { "Port": 8092 }
                }
              }
            }
            """);

        BrokerOptions options = Load(json).Options;

        Assert.That(options.Listeners["a"].PrivateTcp!.UplinkTopic, Is.EqualTo("a/%c/up"));
        Assert.That(options.Listeners["a"].PrivateTcp!.DownlinkTopic, Is.EqualTo("fleet/%c/dn"));
        Assert.That(options.Listeners["a"].PrivateTcp!.UplinkUserProperties, Is.EqualTo(["protocol", "peer"]));
        Assert.That(options.Listeners["b"].PrivateTcp!.UplinkTopic, Is.EqualTo("fleet/%c/up"));
        Assert.That(options.Listeners["b"].PrivateTcp!.UplinkUserProperties, Is.EqualTo(["clientid"]));
        Assert.That(options.Listeners["c"].PrivateTcp, Is.Null);
    }

    [Test]
    public void The_logging_section_is_handed_on()
    {
        string json = _directory.Write("broker.json", """{ "Logging": { "LogLevel": { "Default": "Warning" } } }""");

        ConfigurationResult result = Load(json, "Logging:LogLevel:Broker=Debug");

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Logging["LogLevel:Default"], Is.EqualTo("Warning"));
        Assert.That(result.Logging["LogLevel:Broker"], Is.EqualTo("Debug"));
    }

    [Test]
    public void Unreadable_and_malformed_files_are_errors_not_exceptions()
    {
        string broken = _directory.Write("broken.json", "{ \"Broker\": { ");

        Assert.That(Load(broken).Errors.Single().Reason, Does.StartWith("not valid JSON"));
        Assert.That(Load("missing.json").Errors.Single().Key, Is.EqualTo("--config"));
        Assert.That(
            ConfigurationLoader.Load(Inputs() with { EmqxTcpConf = "missing.conf" }).Errors.Single().Key, Is.EqualTo("--emqx-tcp-conf"));
    }

    private ConfigurationInputs Inputs() => new() { WorkingDirectory = _directory.Path };

    private ConfigurationResult Load(string? config = null, params string[] settings) =>
        ConfigurationLoader.Load(Inputs() with { ConfigFile = config, Settings = settings });
}
