using Broker.Cli;
using Broker.Hosting;

return await BrokerCommandLine.InvokeAsync(
    args,
    CliEnvironment.OfProcess(),
    BrokerServer.RunAsync,
    BenchCommand.Create(),
    DeviceCommand.Create(),
    HealthCommand.Create());
