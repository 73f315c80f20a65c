namespace Broker.Primitives;

/// <summary>Why a Topic Filter was refused.</summary>
public enum TopicFilterError : byte
{
    /// <summary>The filter is valid.</summary>
    None,

    /// <summary>Zero bytes, or more than 65535 [MQTT-4.7.3-1].</summary>
    Length,

    /// <summary>Ill-formed UTF-8 or U+0000 [MQTT-4.7.3-2].</summary>
    Encoding,

    /// <summary>`#` that is not the last character or not alone in its level [MQTT-4.7.1-1].</summary>
    MultiLevelWildcard,

    /// <summary>`+` that does not occupy a whole level [MQTT-4.7.1-2].</summary>
    SingleLevelWildcard,

    /// <summary>`$share/` without a ShareName, with a wildcard in it, or without a filter behind it [MQTT-4.8.2-1] [MQTT-4.8.2-2].</summary>
    ShareName,
}
