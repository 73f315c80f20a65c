namespace Broker.Configuration;

/// <summary>Marks an option that names a file with a secret: nobody but its owner should be able to read it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretFileAttribute : Attribute
{
    /// <summary>The file may also be one without a secret; what counts is whether there is a private key in it.</summary>
    public bool OnlyWithPrivateKey { get; init; }
}
