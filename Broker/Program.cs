using Broker.Cli;

return await BrokerCommandLine.InvokeAsync(args, CliEnvironment.OfProcess(), static (_, _) => Task.FromResult(ExitCode.Failure));
