using System.Net;
using Broker.Transports;

namespace Broker.Hosting;

/// <summary>Opens all listeners of a plan, or none: every reason against it is found at once.</summary>
internal static class OpenListeners
{
    public static IReadOnlyList<OpenListener> Open(ListenerPlan plan, TimeProvider timeProvider, out IReadOnlyList<ListenerFailure> failures)
    {
        var opened = new List<OpenListener>();
        var failed = new List<ListenerFailure>();
        foreach (PlannedListener planned in plan.Listeners)
        {
            try
            {
                opened.Add(Open(planned, timeProvider));
            }
            catch (Exception e) when (e is ListenerStartException or FormatException)
            {
                failed.Add(new ListenerFailure(planned.Name, Describe(planned), e.Message));
            }
        }
        failures = failed;
        if (failed.Count == 0)
        {
            return opened;
        }
        opened.ForEach(listener => listener.Dispose());
        return [];
    }

    private static OpenListener Open(PlannedListener planned, TimeProvider timeProvider)
    {
        var context = new ListenerContext(planned.Name, planned.Options, timeProvider)
        {
            IsAdmin = planned.IsAdmin,
            DetectionTimeout = planned.DetectionTimeout,
        };
        return OpenListener.Open(context, planned.Addresses);
    }

    private static string Describe(PlannedListener planned) =>
        string.Join(", ", planned.Addresses.Select(address => new IPEndPoint(address, planned.Options.Port)));
}
