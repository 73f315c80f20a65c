using Broker.Core.Ports;

namespace Broker.Security;

/// <summary>
/// Compares Username and Password with a password file. Hashing runs off the caller's thread, on a few threads at most, and only so many
/// attempts may wait for it: a flood of wrong passwords must not take the CPU from those who are connected.
/// </summary>
internal sealed class PasswordFileAuthenticator : IAuthenticator, IDisposable
{
    private const int MaximumWaiting = 100_000;
    private static readonly AuthenticationResult Overloaded = new(AuthenticationOutcome.Unavailable, "too many logins at once");
    private static readonly AuthenticationResult Overtaken = new(AuthenticationOutcome.Unavailable, "too many failed logins; try again later");
    private static readonly AuthenticationResult Cancelled = new(AuthenticationOutcome.Unavailable, "login abandoned");

    private readonly SemaphoreSlim _hashing;
    private readonly int _maximumWaiting;
    private volatile PasswordCheck _check;
    private int _waiting;
    private long _hashes;

    public PasswordFileAuthenticator(PasswordFile file, int? maximumHashesAtOnce = null, int maximumWaiting = MaximumWaiting)
    {
        _check = new PasswordCheck(file);
        _hashing = new SemaphoreSlim(maximumHashesAtOnce ?? Math.Max(1, Environment.ProcessorCount / 2));
        _maximumWaiting = maximumWaiting;
    }

    /// <summary>Slow hashes computed so far.</summary>
    public long Hashes => Interlocked.Read(ref _hashes);

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (request.Username is not { } user)
        {
            return ValueTask.FromResult(AuthenticationResult.Ignored);
        }

        if (request.Password is not { } password)
        {
            return ValueTask.FromResult(AuthenticationResult.BadCredentials);
        }

        return _check.Verified.Contains(user, password.Span)
            ? ValueTask.FromResult(AuthenticationResult.Accepted)
            : HashAsync(user, password, request.IsRefusedMeanwhile, cancellationToken);
    }

    /// <summary>The file in force.</summary>
    public PasswordFile File => _check.File;

    /// <summary>Puts another file in force; passwords that were right before are compared anew.</summary>
    public void Replace(PasswordFile file) => _check = new PasswordCheck(file);

    public void Dispose() => _hashing.Dispose();

    private async ValueTask<AuthenticationResult> HashAsync(
        string user, ReadOnlyMemory<byte> password, Func<bool>? isRefusedMeanwhile, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _maximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return Overloaded;
        }

        try
        {
            await _hashing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return isRefusedMeanwhile?.Invoke() == true
                ? Overtaken
                : await Task.Run(() => Verify(user, password.Span), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private AuthenticationResult Verify(string user, ReadOnlySpan<byte> password)
    {
        // Others with the same credentials may have been verified while this one waited.
        PasswordCheck check = _check;
        if (check.Verified.Contains(user, password))
        {
            return AuthenticationResult.Accepted;
        }

        Interlocked.Increment(ref _hashes);
        IPasswordVerifier verifier = check.File.Find(user) ?? check.File.UnknownUser;
        if (!verifier.Verify(password))
        {
            return AuthenticationResult.BadCredentials;
        }

        check.Verified.Add(user, password);
        return AuthenticationResult.Accepted;
    }

    private sealed class PasswordCheck(PasswordFile file)
    {
        public PasswordFile File { get; } = file;

        public VerifiedPasswords Verified { get; } = new();
    }
}
