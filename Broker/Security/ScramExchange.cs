using System.Security.Cryptography;
using System.Text;
using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>
/// The server's side of one SCRAM exchange (RFC 5802 section 7).
/// <code>
/// client-first = gs2-header client-first-bare        client-first-bare    = "n=" user ",r=" c-nonce
/// server-first = "r=" nonce ",s=" salt ",i=" count   nonce                = c-nonce s-nonce
/// client-final = without-proof ",p=" proof           without-proof        = "c=" base64(gs2-header) ",r=" nonce
/// server-final = "v=" signature                      signature, proof are over client-first-bare,server-first,without-proof
/// </code>
/// </summary>
internal sealed class ScramExchange(Func<string, ScramCredential> credentials, string serverNonce) : IAuthenticationExchange
{
    private static readonly AuthenticationResult Malformed = new(AuthenticationOutcome.BadCredentials, "not a SCRAM message");
    private static readonly AuthenticationResult Refused = new(AuthenticationOutcome.BadCredentials, "bad username or password");
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ScramCredential? _credential;
    private string _user = "";
    private string _header = "";
    private string _nonce = "";
    private string _transcript = "";

    /// <inheritdoc />
    public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        string message;
        try
        {
            message = Strict.GetString(data.Span);
        }
        catch (DecoderFallbackException)
        {
            return ValueTask.FromResult(new AuthenticationStep(Malformed));
        }

        return ValueTask.FromResult(_credential is null ? OnClientFirst(message) : OnClientFinal(message, _credential));
    }

    private AuthenticationStep OnClientFirst(string message)
    {
        if (!TrySplitHeader(message, out string bare, out string identity) || !TryReadFirst(bare, out string clientNonce))
        {
            return new AuthenticationStep(Malformed);
        }

        if (identity.Length > 0 && identity != _user)
        {
            return new AuthenticationStep(new AuthenticationResult(AuthenticationOutcome.NotAuthorized, "nobody acts for another user"));
        }

        _credential = credentials(_user);
        _nonce = clientNonce + serverNonce;
        string first = $"r={_nonce},s={Convert.ToBase64String(_credential.Salt)},i={_credential.Iterations}";
        _transcript = $"{bare},{first}";
        return AuthenticationStep.Continue(Encoding.UTF8.GetBytes(first));
    }

    private AuthenticationStep OnClientFinal(string message, ScramCredential credential)
    {
        int proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        string binding = Convert.ToBase64String(Encoding.UTF8.GetBytes(_header));
        string withoutProof = proofAt < 0 ? "" : message[..proofAt];
        if (!$"{withoutProof},".StartsWith($"c={binding},r={_nonce},", StringComparison.Ordinal) || !TryDecode(message[(proofAt + 3)..], out byte[] proof))
        {
            return new AuthenticationStep(Malformed);
        }

        byte[] authMessage = Encoding.UTF8.GetBytes($"{_transcript},{withoutProof}");
        if (!credential.VerifyProof(proof, authMessage))
        {
            return new AuthenticationStep(Refused);
        }

        string signature = Convert.ToBase64String(HMACSHA256.HashData(credential.ServerKey, authMessage));
        return new AuthenticationStep(new AuthenticationResult(AuthenticationOutcome.Accepted, Username: _user), Encoding.UTF8.GetBytes($"v={signature}"));
    }

    // gs2-header = ("n" / "y") "," ["a=" user] ","; channel binding ("p=") is not offered.
    private bool TrySplitHeader(string message, out string bare, out string identity)
    {
        bare = identity = "";
        int end = message.Length < 2 ? -1 : message.IndexOf(',', 2);
        if (end < 0 || message[0] is not ('n' or 'y') || message[1] != ',')
        {
            return false;
        }

        string authorization = message[2..end];
        _header = message[..(end + 1)];
        bare = message[(end + 1)..];
        return authorization.Length == 0
            || (authorization.StartsWith("a=", StringComparison.Ordinal) && TryUnescape(authorization[2..], out identity));
    }

    // Extensions may follow; mandatory ones ("m=") would stand before the user.
    private bool TryReadFirst(string bare, out string clientNonce)
    {
        string[] fields = bare.Split(',');
        clientNonce = fields.Length > 1 && fields[1].StartsWith("r=", StringComparison.Ordinal) ? fields[1][2..] : "";
        return clientNonce.Length > 0 && fields[0].StartsWith("n=", StringComparison.Ordinal) && TryUnescape(fields[0][2..], out _user) && _user.Length > 0;
    }

    // saslname: "," is "=2C" and "=" is "=3D"; nothing else may follow "=".
    private static bool TryUnescape(string name, out string user)
    {
        user = name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return !name.Replace("=2C", "", StringComparison.Ordinal).Replace("=3D", "", StringComparison.Ordinal).Contains('=');
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        byte[] buffer = new byte[text.Length];
        bool isBase64 = Convert.TryFromBase64String(text, buffer, out int length);
        bytes = buffer[..length];
        return isBase64;
    }
}
