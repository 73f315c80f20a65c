using System.Net;
using System.Net.Sockets;
using Broker.Cli;
using NUnit.Framework;

namespace Broker.Tests.Cli;

internal sealed class HealthCommandTests
{
    [TestCase(null, ExpectedResult = "http://127.0.0.1:18083/health/live")]
    [TestCase("", ExpectedResult = "http://127.0.0.1:18083/health/live")]
    [TestCase("9010", ExpectedResult = "http://127.0.0.1:9010/health/live")]
    public string The_default_address_follows_EXT_PORT(string? extPort) => HealthCommand.DefaultUrl(extPort).ToString();

    [TestCase("HTTP/1.1 200 OK", ExpectedResult = 0)]
    [TestCase("HTTP/1.1 503 Service Unavailable", ExpectedResult = 1)]
    public async Task<int> The_exit_status_is_the_answer(string statusLine)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task server = AnswerOnceAsync(listener, statusLine);

        int status = await HealthCommand.AskAsync(AddressOf(listener), TextWriter.Null, CancellationToken.None);

        await server;
        return status;
    }

    [Test]
    public async Task A_broker_that_is_not_there_is_not_alive()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri address = AddressOf(listener);
        listener.Stop();
        using StringWriter output = new();

        Assert.That(await HealthCommand.AskAsync(address, output, CancellationToken.None), Is.EqualTo(1));
        Assert.That(output.ToString(), Does.StartWith(address.ToString()));
    }

    private static Uri AddressOf(TcpListener listener) => new($"http://{listener.LocalEndpoint}/health/live");

    private static async Task AnswerOnceAsync(TcpListener listener, string statusLine)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using StreamReader reader = new(client.GetStream());
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync()))
        {
        }

        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{statusLine}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
