using Broker.Cli;
using Broker.Hosting;

return await BrokerCommandLine.InvokeAsync(
    args,
    CliEnvironment.OfProcess(),
    BrokerServer.RunAsync,
    BenchCommand.Create(),
    CrashtestCommand.Create(),
    DeviceCommand.Create(),
    HealthCommand.Create());
