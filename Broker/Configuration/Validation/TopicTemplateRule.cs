using System.Text;
using Broker.Primitives;

namespace Broker.Configuration.Validation;

/// <summary>Topic templates of the private TCP gateway: valid Topic Names once `%c` and `%u` are replaced.</summary>
internal static class TopicTemplateRule
{
    public static ValueFault? Check(string template)
    {
        string rest = template.Replace("%c", "c", StringComparison.Ordinal).Replace("%u", "u", StringComparison.Ordinal);
        if (rest.Contains('%', StringComparison.Ordinal))
        {
            return new ValueFault("unknown placeholder", "only %c (ClientId) and %u (Username) are replaced");
        }

        if (rest.StartsWith("$SYS/", StringComparison.Ordinal) || rest.StartsWith("$share/", StringComparison.Ordinal))
        {
            return new ValueFault("begins with a reserved level", "$SYS/ is the broker's own and $share/ means a shared subscription");
        }

        return TopicName.IsValid(Encoding.UTF8.GetBytes(rest))
            ? null
            : new ValueFault("not a Topic Name", "1 to 65535 bytes, without +, # and NUL");
    }
}
