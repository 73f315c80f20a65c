using System.Runtime.Versioning;
using Broker.Security;
using Broker.Tests.Configuration;
using NUnit.Framework;

namespace Broker.Tests.Security;

public sealed class PasswordFileTests
{
    private static readonly PasswordHash Hash = PasswordHash.Create("secret"u8, PasswordHash.DefaultIterations);

    private TemporaryDirectory _directory = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _path = Path.Combine(_directory.Path, "passwords");
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Comments_and_blank_lines_are_skipped()
    {
        PasswordFile file = PasswordFile.Parse(["# users", "", "  ", $"ann:{Hash}"]);

        Assert.That(file.Problems, Is.Empty);
        Assert.That(file.Count, Is.EqualTo(1));
        Assert.That(file.Find("ann"), Is.Not.Null);
        Assert.That(file.Find("Ann"), Is.Null);
    }

    [Test]
    public void A_username_may_hold_colons() => Assert.That(PasswordFile.Parse([$"a:b:{Hash}"]).Find("a:b"), Is.Not.Null);

    [Test]
    public void Wrong_lines_are_reported_with_their_numbers()
    {
        PasswordFile file = PasswordFile.Parse(["nonsense", $"ann:{Hash}", "bob:plain", $"ann:{Hash}", $"eve:{PasswordHash.Create("x"u8, 10)}"]);

        Assert.That(file.Problems.Select(problem => problem.ToString()), Is.EqualTo([
            "line 1: not user:hash",
            "line 3: the hash of user 'bob' cannot be read; set the password with broker passwd",
            "line 4: user 'ann' is here twice; the first line counts",
            "line 5: the hash of user 'eve' is too fast; set the password again",
        ]));
        Assert.That(file.Problems.Select(problem => problem.IsError), Is.EqualTo([true, true, true, false]));
    }

    [Test]
    public void An_unknown_user_costs_as_much_as_the_slowest_known_one()
    {
        PasswordFile file = PasswordFile.Parse([$"ann:{PasswordHash.Create("x"u8, 10)}", $"bob:{PasswordHash.Create("x"u8, 20)}"]);

        Assert.That(file.UnknownUser.Iterations, Is.EqualTo(20));
        Assert.That(PasswordFile.Parse([]).UnknownUser.Iterations, Is.EqualTo(PasswordHash.DefaultIterations));
    }

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public void A_file_that_others_may_read_is_a_warning()
    {
        PasswordFileEditor.Set(_path, "ann", Hash);
        Assert.That(PasswordFile.Load(_path).Problems, Is.Empty);

        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        PasswordFileProblem problem = PasswordFile.Load(_path).Problems.Single();

        Assert.That(problem.IsError, Is.False);
        Assert.That(problem.Text, Does.Contain("chmod 600"));
    }

    [Test]
    public void A_file_that_cannot_be_read_is_a_problem_not_an_exception() =>
        Assert.That(PasswordFile.Load(_path).Problems.Single().IsError, Is.True);

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public void The_editor_creates_the_file_for_its_owner_only()
    {
        PasswordFileEditor.Set(_path, "ann", Hash);

        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void The_editor_changes_one_user_and_leaves_the_rest()
    {
        File.WriteAllText(_path, $"# users\nann:{Hash}\n\nbob:{Hash}\n");

        PasswordFileEditor.Set(_path, "ann", PasswordHash.Create("other"u8, 10));
        PasswordFileEditor.Set(_path, "carl", Hash);

        string[] lines = File.ReadAllLines(_path);
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That((lines[0], lines[2], lines[3], lines[4]), Is.EqualTo(("# users", "", $"bob:{Hash}", $"carl:{Hash}")));
        Assert.That(PasswordFile.Load(_path).Find("ann")!.Verify("other"u8), Is.True);
        Assert.That(Directory.GetFiles(_directory.Path), Has.Length.EqualTo(1), "no temporary file stays behind");
    }

    [Test]
    public void The_editor_follows_a_symbolic_link()
    {
        string link = _path + "-link";
        File.WriteAllText(_path, "");
        File.CreateSymbolicLink(link, _path);

        PasswordFileEditor.Set(link, "ann", Hash);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(_path));
        Assert.That(PasswordFile.Load(_path).Find("ann"), Is.Not.Null);
    }

    [Test]
    public void The_editor_deletes_a_user()
    {
        File.WriteAllText(_path, $"ann:{Hash}\nbob:{Hash}\n");

        Assert.That(PasswordFileEditor.Delete(_path, "ann"), Is.True);
        Assert.That(PasswordFileEditor.Delete(_path, "ann"), Is.False);
        Assert.That(File.ReadAllText(_path), Is.EqualTo($"bob:{Hash}\n"));
    }

    [TestCase("ann", true)]
    [TestCase("a:b", true)]
    [TestCase("", false)]
    [TestCase("#ann", false)]
    [TestCase(" ann", false)]
    [TestCase("a\nb", false)]
    public void Names_that_a_line_can_hold(string user, bool expected) => Assert.That(PasswordFileEditor.IsValidUser(user), Is.EqualTo(expected));
}
