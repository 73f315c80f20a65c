using Broker.Protocols.PrivateTcp;

namespace Broker.Cli.Device;

/// <summary>What `broker device` was asked to do.</summary>
internal sealed record DeviceSettings
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 8090;

    /// <summary>What the device says first on every connection.</summary>
    public required ConnectFrame Connect { get; init; }

    public bool Tls { get; init; }

    /// <summary>PEM file of the authority to trust instead of the system's.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Accept any certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>Lines and downlinks are hex.</summary>
    public bool Hex { get; init; }

    /// <summary>True: retry even the first connection. False: never. Null: retry once a connection has been made.</summary>
    public bool? Reconnect { get; init; }

    /// <summary>Stay connected after the end of standard input.</summary>
    public bool Stay { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Longest wait for CONNACK, and for the PONG that confirms delivery.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
