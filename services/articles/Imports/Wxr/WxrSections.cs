namespace Platform.Articles.Imports.Wxr;

/// <summary>
/// Cuts an export into its head and its items, looking at no more of XML than where tags, CDATA and comments begin and end. So each item is parsed by itself:
/// a broken one costs only itself; reading goes on at any item; and what the XML parser would hold in memory as a whole (a tag, a CDATA section) is bounded before it gets there.
/// One pass, linear, 128 KB of memory.
/// </summary>
/// <param name="source">The file, from <paramref name="offset"/> on.</param>
/// <param name="offset">0, or where an item begins.</param>
internal sealed class WxrSections(Stream source, long offset)
{
    public const int MaxTag = 64 * 1024, MaxData = 12 * 1024 * 1024;

    /// <summary>Bytes that tell what a piece of markup is.</summary>
    private const int Telling = 24;

    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly byte[] _nowhere = new byte[16 * 1024];
    private int _start, _end;
    private bool _eof;

    /// <summary>Bytes from the start that belong to the present section.</summary>
    private int _known;
    private State _state;
    private Part _part = offset == 0 ? Part.Head : Part.Between;
    private long _length;
    private bool _over, _closing, _ended, _skipping;

    private enum State { Text, Tag, Data, Comment, Instruction }
    private enum Part { Head, Between, ItemStart, Item }

    /// <summary>Where in the file the next byte lies.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Comments of readers that were passed so far.</summary>
    public long Comments { get; private set; }

    /// <summary>Attachments that were passed so far.</summary>
    public long Attachments { get; private set; }

    /// <summary>The present section: the head at first, then an item each after <see cref="Next"/>.</summary>
    public Stream Section => new SectionStream(this);

    /// <summary>Goes to the next item, over what is left of the present section. <see cref="Offset"/> is then where it begins.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        _skipping = true;
        while (Read(_nowhere) > 0) { }
        (_part, _over, _ended, _closing) = (Part.Between, false, false, false);
        while (Read(_nowhere) > 0) { }
        if (_start == _end && _eof) return false;
        (_part, _over, _skipping) = (Part.ItemStart, false, false);
        return true;
    }

    private int Read(Span<byte> to)
    {
        while (_known == 0)
            if (_over || !Look()) return 0;
        var count = Math.Min(_known, to.Length);
        _buffer.AsSpan(_start, count).CopyTo(to);
        _start += count;
        _known -= count;
        Offset += count;
        return count;
    }

    /// <summary>Finds out how many of the next bytes belong to the section.</summary>
    /// <returns>False where it is over.</returns>
    private bool Look()
    {
        if (_ended) return End();
        Fill();
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.IsEmpty) return End();
        switch (_state)
        {
            case State.Text:
                var at = rest.IndexOf((byte)'<');
                if (at == 0) return Markup(rest);
                _known = at < 0 ? rest.Length : at;
                return true;
            case State.Tag:
                var until = rest.IndexOf((byte)'>');
                Take(until < 0 ? rest.Length : until + 1, MaxTag, "A tag is longer than 64 KB.");
                if (until >= 0) (_state, _ended) = (State.Text, _closing);
                return true;
            case State.Data:
                return Until(rest, "]]>"u8, MaxData);
            case State.Comment:
                return Until(rest, "-->"u8, int.MaxValue);
            default:
                return Until(rest, "?>"u8, int.MaxValue);
        }
    }

    private bool Markup(ReadOnlySpan<byte> rest)
    {
        _length = 0;
        if (rest.StartsWith("<![CDATA["u8)) return Enter(State.Data, 9);
        if (rest.StartsWith("<!--"u8)) return Enter(State.Comment, 4);
        if (rest.StartsWith("<?"u8)) return Enter(State.Instruction, 2);
        if (IsTag(rest, "<item"u8))
        {
            // Another item begins; within one, the present one was never closed.
            if (_part != Part.ItemStart) return End();
            _part = Part.Item;
        }
        else if (_part == Part.Item)
        {
            _closing = IsTag(rest, "</item"u8);
            if (rest.StartsWith("<wp:comment>"u8)) Comments++;
            else if (rest.StartsWith("<wp:attachment_url>"u8)) Attachments++;
        }
        return Enter(State.Tag, 1);
    }

    private bool Enter(State state, int length)
    {
        _state = state;
        _known = length;
        return true;
    }

    private bool Until(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> mark, int max)
    {
        var at = rest.IndexOf(mark);
        // The mark may lie across what is here and what comes.
        Take(at >= 0 ? at + mark.Length : _eof ? rest.Length : rest.Length - mark.Length + 1, max, "A text is longer than 12 MB.");
        if (at >= 0) _state = State.Text;
        return true;
    }

    private void Take(int length, int max, string otherwise)
    {
        _length += length;
        if (_length > max && !_skipping) throw new WxrException(otherwise);
        _known = length;
    }

    private bool End()
    {
        _over = true;
        return false;
    }

    private void Fill()
    {
        if (_eof || _end - _start >= Telling) return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < Telling && !_eof)
        {
            var read = source.Read(_buffer, _end, _buffer.Length - _end);
            _eof = read == 0;
            _end += read;
        }
    }

    private static bool IsTag(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> tag) => rest.StartsWith(tag) && rest.Length > tag.Length && rest[tag.Length] is (byte)'>' or (byte)'/' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private sealed class SectionStream(WxrSections sections) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer) => sections.Read(buffer);
        public override int Read(byte[] buffer, int offset, int count) => sections.Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
