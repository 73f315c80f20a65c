using Broker.Cli;
using Broker.Hosting;

return await BrokerCommandLine.InvokeAsync(
    args,
    CliEnvironment.OfProcess(),
    BrokerServer.RunAsync,
    DeviceCommand.Create(),
    HealthCommand.Create());
