using System.CommandLine;
using Broker.Configuration.Loading;

namespace Broker.Cli;

/// <summary>The command-line options that say where the configuration comes from; `serve` and `check-config` share them.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "JSON configuration file.", HelpName = "FILE" };

    private readonly Option<string?> _emqxTcpConf = new("--emqx-tcp-conf")
    {
        Description = "Existing emqx_tcp.conf of EMQ X; everything else overrides it.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _extPort = new("--ext-port") { Description = "One port for everything.", HelpName = "PORT" };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets one key, like --set Mqtt:MaximumQos=1. May be repeated.",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<string?> _transport = new("--transport")
    {
        Description = "What carries plain connections: auto, epoll or sockets.",
        HelpName = "KIND",
    };

    private readonly Option<string?> _dataDirectory = new("--data-directory")
    {
        Description = "Directory of sessions, queued and retained messages.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<string?> _onCorruption = new("--on-corruption")
    {
        Description = "What to do when that directory is damaged: fail or salvage.",
        HelpName = "POLICY",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_emqxTcpConf);
        command.Options.Add(_extPort);
        command.Options.Add(_set);
        command.Options.Add(_transport);
        command.Options.Add(_dataDirectory);
        command.Options.Add(_onCorruption);
    }

    public ConfigurationInputs Read(ParseResult result, CliEnvironment environment) => new()
    {
        ConfigFile = result.GetValue(_config),
        EmqxTcpConf = result.GetValue(_emqxTcpConf),
        ExtPort = result.GetValue(_extPort),
        Transport = result.GetValue(_transport),
        DataDirectory = result.GetValue(_dataDirectory),
        OnCorruption = result.GetValue(_onCorruption),
        Settings = result.GetValue(_set) ?? [],
        WorkingDirectory = environment.WorkingDirectory,
        Environment = environment.Variables,
    };
}
