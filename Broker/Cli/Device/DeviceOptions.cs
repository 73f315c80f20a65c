using System.CommandLine;
using System.Text;
using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>
/// The options of `broker device`. What a value means is checked here and not by the parser, whose errors would end in the
/// exit status that stands for a failed connection.
/// </summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> _host = new("--host") { Description = "Broker's host.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "Broker's port.", DefaultValueFactory = _ => 8090 };
    private readonly Option<string?> _id = new("--id") { Description = "ClientId, required." };
    private readonly Option<string?> _username = new("--username") { Description = "Username." };
    private readonly Option<string?> _password = new("--password") { Description = "Password; other users of this machine may see it." };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "File whose first line is the password." };
    private readonly Option<int> _keepAlive = new("--keepalive")
    {
        Description = "Seconds between PINGs, 0 to 255; 0 is off.",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "Connect with TLS." };
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the certificate authority to trust; implies --tls." };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Accept any certificate; implies --tls." };
    private readonly Option<bool> _legacy = new("--legacy") { Description = "Speak the 3.x dialect, whose CONNECT begins with 0x10." };
    private readonly Option<bool> _hex = new("--hex") { Description = "Lines of standard input and downlinks are hex." };
    private readonly Option<bool> _stay = new("--stay") { Description = "Stay connected after the end of standard input." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print errors only to standard error." };
    private readonly Option<bool> _reconnect = new("--reconnect")
    {
        Description = "Try again until connected, also the first time. Without it only a connection that was made is made again.",
    };

    private readonly Option<bool> _noReconnect = new("--no-reconnect") { Description = "Exit when the connection is lost." };

    /// <summary>Makes the command know the options.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _host, _port, _id, _username, _password, _passwordFile, _keepAlive, _tls, _ca, _insecure, _legacy, _hex, _stay, _reconnect,
            _noReconnect, _quiet,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Checks the values and puts them together.</summary>
    public bool TryBind(ParseResult result, out DeviceSettings settings, out string? error)
    {
        settings = null!;
        error = Check(result);
        if (error is null && TryReadPassword(result, out var password, out error))
        {
            settings = Bind(result, password);
            error = FitsOneFrame(settings.Connect) ? null : "ClientId, Username and password do not fit one frame.";
        }

        return error is null;
    }

    private string? Check(ParseResult result)
    {
        var username = result.GetValue(_username);
        var hasPassword = result.GetValue(_password) is not null || result.GetValue(_passwordFile) is not null;
        return result switch
        {
            _ when string.IsNullOrEmpty(result.GetValue(_id)) => "--id is required.",
            _ when result.GetValue(_port) is < 1 or > 65535 => "--port must be 1 to 65535.",
            _ when result.GetValue(_keepAlive) is < 0 or > 255 => "--keepalive must be 0 to 255 seconds.",
            _ when hasPassword && username is null => "A password needs --username.",
            _ when result.GetValue(_password) is not null && result.GetValue(_passwordFile) is not null =>
                "Give --password or --password-file, not both.",
            _ when result.GetValue(_reconnect) && result.GetValue(_noReconnect) => "Give --reconnect or --no-reconnect, not both.",
            _ when result.GetValue(_ca) is { } file && !File.Exists(file) => $"--ca: {file} does not exist.",
            _ => null,
        };
    }

    private bool TryReadPassword(ParseResult result, out byte[]? password, out string? error)
    {
        error = null;
        password = result.GetValue(_password) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        if (result.GetValue(_passwordFile) is not { } file)
        {
            return true;
        }

        try
        {
            password = Encoding.UTF8.GetBytes(File.ReadLines(file).FirstOrDefault(""));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error = $"--password-file: {fault.Message}";
        }

        return error is null;
    }

    // Keepalive and three lengths come on top of the values.
    private static bool FitsOneFrame(ConnectFrame connect) =>
        7 + Size(connect.ClientId) + Size(connect.Username) + (connect.Password?.Length ?? 0) <= PrivateFrame.MaximumPayloadLength;

    private DeviceSettings Bind(ParseResult result, byte[]? password) => new()
    {
        Host = result.GetValue(_host)!,
        Port = result.GetValue(_port),
        Connect = new ConnectFrame
        {
            Version = result.GetValue(_legacy) ? ConnectFrame.LegacyVersion : ConnectFrame.SupportedVersion,
            KeepAliveSeconds = (byte)result.GetValue(_keepAlive),
            ClientId = result.GetValue(_id)!,
            Username = result.GetValue(_username),
            Password = password,
        },
        Tls = result.GetValue(_tls) || result.GetValue(_insecure) || result.GetValue(_ca) is not null,
        CertificateAuthorityFile = result.GetValue(_ca),
        Insecure = result.GetValue(_insecure),
        Hex = result.GetValue(_hex),
        Reconnect = result.GetValue(_noReconnect) ? false : result.GetValue(_reconnect) ? true : null,
        Stay = result.GetValue(_stay),
        Quiet = result.GetValue(_quiet),
    };

    private static int Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
