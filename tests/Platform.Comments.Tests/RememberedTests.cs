using Shouldly;
using Xunit;

namespace Platform.Comments.Tests;

public sealed class RememberedTests
{
    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_after_it()
    {
        var remembered = new Remembered<string>(TimeSpan.FromHours(1));
        var slow = new TaskCompletionSource<string>();
        var reading = remembered.Read(_ => slow.Task);

        remembered.Forget();
        slow.SetResult("old");

        (await reading).ShouldBe("old");   // who asked before the change
        (await remembered.Read(_ => Task.FromResult("new"))).ShouldBe("new");
    }

    [Fact]
    public async Task Of_two_readings_the_one_that_began_later_is_kept_however_they_end()
    {
        var remembered = new Remembered<string>(TimeSpan.FromHours(1));
        var slow = new TaskCompletionSource<string>();
        var first = remembered.Read(_ => slow.Task);
        await remembered.Read(_ => Task.FromResult("later"));

        slow.SetResult("earlier");
        await first;

        (await remembered.Read(_ => throw new InvalidOperationException())).ShouldBe("later");
    }

    [Fact]
    public async Task What_is_forgotten_is_still_known_to_whoever_reads_it_anew()
    {
        var remembered = new Remembered<string>(TimeSpan.FromHours(1));
        await remembered.Read(_ => Task.FromResult("same"));
        remembered.Forget();

        (await remembered.Read(last => Task.FromResult(last!))).ShouldBe("same");
    }
}
