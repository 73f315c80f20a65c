namespace Broker.Tests.Conformance;

/// <summary>One normative statement, in our words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Side">Whom it binds: client, server or both.</param>
/// <param name="Chapter">Chapter of the specification.</param>
/// <param name="Rule">The rule, paraphrased.</param>
internal sealed record Statement(StatementId Id, string Side, string Chapter, string Rule);
