using Broker.Configuration;
using Broker.Storage;
using Broker.Transports;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Broker.Hosting;

/// <summary>What a <see cref="BrokerHost"/> is made of.</summary>
internal sealed class BrokerHostSetup
{
    public required BrokerOptions Options { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Adds the services of the other rooms; has to add <see cref="ConnectionServices"/>.</summary>
    public required Action<IServiceCollection> ConfigureServices { get; init; }

    /// <summary>What has to be done before the first connection is served.</summary>
    /// <exception cref="StoreException">It cannot be done; the message says why.</exception>
    public Action<IServiceProvider> Prepare { get; init; } = _ => { };

    /// <summary>Maps HTTP endpoints; <see cref="HttpGate"/> decides which listener shows which of them.</summary>
    public Action<IEndpointRouteBuilder> MapEndpoints { get; init; } = _ => { };

    /// <summary>Where the log goes. Default: the console, one line per entry, UTC.</summary>
    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = ConsoleLogging.Add;
}
