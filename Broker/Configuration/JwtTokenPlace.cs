namespace Broker.Configuration;

/// <summary>Where a client puts its token.</summary>
public enum JwtTokenPlace
{
    /// <summary>In the Password.</summary>
    Password,

    /// <summary>In the Username.</summary>
    Username,
}
