using Broker.Configuration.Loading;

namespace Broker.Configuration.Emqx;

/// <summary>Reads an existing emqx_tcp.conf as a source of configuration.</summary>
internal static class EmqxTcpConf
{
    public static IReadOnlyList<ConfigurationEntry> Read(string path, List<ConfigurationError> errors, List<string> warnings)
    {
        try
        {
            return new EmqxTcpConfReader(path, errors, warnings).Read(EmqxLine.Parse(File.ReadAllLines(path), warnings));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError("command line", "--emqx-tcp-conf", path, "the file cannot be read", e.Message));
            return [];
        }
    }
}
