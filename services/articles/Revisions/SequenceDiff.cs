using System.Runtime.InteropServices;

namespace Platform.Articles.Revisions;

/// <summary>
/// A short way from one sequence to another: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with the middle snake of section 4b, so in linear
/// memory; and, as in Git's xdiff, a limit to the cost of each search, beyond which the furthest point reached will do. Steps are counted, and when
/// <see cref="MaxSteps"/> are used up, what is left counts as changed: any pair of sequences is compared in bounded time.
/// </summary>
internal sealed class SequenceDiff
{
    private const int MaxCost = 256;
    private const long MaxSteps = 100_000_000;

    private readonly int[] _a, _b, _forward, _backward;
    private readonly bool[] _gone, _come;
    private readonly int _offset;
    private long _steps;

    private SequenceDiff(int[] a, int[] b)
    {
        (_a, _b, _gone, _come) = (a, b, new bool[a.Length], new bool[b.Length]);
        _offset = b.Length + 1;
        (_forward, _backward) = (new int[a.Length + b.Length + 3], new int[a.Length + b.Length + 3]);
    }

    /// <returns>Which elements of the first are not in the second, and the other way round; what is left of both is equal.</returns>
    public static (bool[] Gone, bool[] Come) Compare(int[] a, int[] b)
    {
        var diff = new SequenceDiff(a, b);
        diff.Run();
        return (diff._gone, diff._come);
    }

    /// <summary>As <see cref="Compare"/>, but only the common ends count as equal.</summary>
    public static (bool[] Gone, bool[] Come) Ends(int[] a, int[] b)
    {
        var (gone, come) = (new bool[a.Length], new bool[b.Length]);
        var box = Trim(a, b, new Box(0, a.Length, 0, b.Length));
        gone.AsSpan(box.A..box.AEnd).Fill(true);
        come.AsSpan(box.B..box.BEnd).Fill(true);
        return (gone, come);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Box(int A, int AEnd, int B, int BEnd);

    private void Run()
    {
        var open = new Stack<Box>([new Box(0, _a.Length, 0, _b.Length)]);
        while (open.TryPop(out var box))
        {
            box = Trim(_a, _b, box);
            if (box.A < box.AEnd && box.B < box.BEnd && _steps < MaxSteps)
            {
                var (x, y) = Middle(box);
                var (first, second) = (new Box(box.A, x, box.B, y), new Box(x, box.AEnd, y, box.BEnd));
                if (first != box && second != box)
                {
                    open.Push(first);
                    open.Push(second);
                    continue;
                }
            }
            _gone.AsSpan(box.A..box.AEnd).Fill(true);
            _come.AsSpan(box.B..box.BEnd).Fill(true);
        }
    }

    private static Box Trim(int[] a, int[] b, Box box)
    {
        var (x, xEnd, y, yEnd) = box;
        while (x < xEnd && y < yEnd && a[x] == b[y]) { x++; y++; }
        while (x < xEnd && y < yEnd && a[xEnd - 1] == b[yEnd - 1]) { xEnd--; yEnd--; }
        return new Box(x, xEnd, y, yEnd);
    }

    /// <summary>A point on a short way through the box: two searches, from its first and its last corner, meet on a diagonal (x - y).</summary>
    private (int X, int Y) Middle(Box box)
    {
        var (low, high) = (box.A - box.BEnd, box.AEnd - box.B);
        var (first, last) = (box.A - box.B, box.AEnd - box.BEnd);
        var odd = ((first - last) & 1) != 0;
        var (fMin, fMax, bMin, bMax) = (first, first, last, last);
        _forward[first + _offset] = box.A;
        _backward[last + _offset] = box.AEnd;
        for (var cost = 1; ; cost++)
        {
            if (fMin > low) _forward[--fMin - 1 + _offset] = -1; else fMin++;
            if (fMax < high) _forward[++fMax + 1 + _offset] = -1; else fMax--;
            for (var d = fMax; d >= fMin; d -= 2)
            {
                var (left, right) = (_forward[d - 1 + _offset], _forward[d + 1 + _offset]);
                var x = left >= right ? left + 1 : right;
                var from = x;
                while (x < box.AEnd && x - d < box.BEnd && _a[x] == _b[x - d]) x++;
                _steps += x - from + 1;
                _forward[d + _offset] = x;
                if (odd && d >= bMin && d <= bMax && _backward[d + _offset] <= x) return (x, x - d);
            }
            if (bMin > low) _backward[--bMin - 1 + _offset] = int.MaxValue; else bMin++;
            if (bMax < high) _backward[++bMax + 1 + _offset] = int.MaxValue; else bMax--;
            for (var d = bMax; d >= bMin; d -= 2)
            {
                var (left, right) = (_backward[d - 1 + _offset], _backward[d + 1 + _offset]);
                var x = left < right ? left : right - 1;
                var from = x;
                while (x > box.A && x - d > box.B && _a[x - 1] == _b[x - d - 1]) x--;
                _steps += from - x + 1;
                _backward[d + _offset] = x;
                if (!odd && d >= fMin && d <= fMax && x <= _forward[d + _offset]) return (x, x - d);
            }
            if (cost >= MaxCost || _steps >= MaxSteps) return Furthest(box, fMin, fMax, bMin, bMax);
        }
    }

    private (int X, int Y) Furthest(Box box, int fMin, int fMax, int bMin, int bMax)
    {
        var (ahead, aheadX, back, backX) = (int.MinValue, box.A, int.MaxValue, box.AEnd);
        for (var d = fMax; d >= fMin; d -= 2)
        {
            var x = Math.Min(Math.Min(_forward[d + _offset], box.AEnd), box.BEnd + d);
            if (x - d >= box.B && x + x - d > ahead) (ahead, aheadX) = (x + x - d, x);
        }
        for (var d = bMax; d >= bMin; d -= 2)
        {
            var x = Math.Max(Math.Max(_backward[d + _offset], box.A), box.B + d);
            if (x - d <= box.BEnd && x + x - d < back) (back, backX) = (x + x - d, x);
        }
        return box.AEnd + box.BEnd - back < ahead - (box.A + box.B) ? (aheadX, ahead - aheadX) : (backX, back - backX);
    }
}
