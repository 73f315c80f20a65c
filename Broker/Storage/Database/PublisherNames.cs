using System.Text;

namespace Broker.Storage.Database;

/// <summary>Makes one string of a publisher's ClientId where rows name the same one after another.</summary>
internal sealed class PublisherNames
{
    private byte[] _bytes = [];
    private string _name = "";

    /// <summary>The name in UTF-8 as a string.</summary>
    public string Get(ReadOnlySpan<byte> name)
    {
        if (!name.SequenceEqual(_bytes))
        {
            _bytes = name.ToArray();
            _name = Encoding.UTF8.GetString(name);
        }

        return _name;
    }
}
