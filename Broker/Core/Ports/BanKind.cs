namespace Broker.Core.Ports;

/// <summary>What a ban is about.</summary>
internal enum BanKind : byte
{
    /// <summary>A ClientId.</summary>
    ClientId,

    /// <summary>A Username, given or proved.</summary>
    User,

    /// <summary>An address or CIDR.</summary>
    Network,
}
