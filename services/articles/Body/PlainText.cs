using System.Text;
using AngleSharp.Dom;

namespace Platform.Articles.Body;

/// <summary>The text of a sanitised body: each block on a line of its own, cells with a space between them, white space as a reader sees it.</summary>
internal static class PlainText
{
    public static string Of(INode body)
    {
        var text = new StringBuilder();
        Append(body, text);
        return text.ToString().TrimEnd();
    }

    /// <remarks>Recursion goes as deep as <see cref="BodyTidy.MaxDepth"/> lets markup nest.</remarks>
    private static void Append(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText run) AppendRun(run.Data, text);
            if (child is not IElement element) continue;
            var name = element.LocalName;
            var block = BodyElements.Kinds.GetValueOrDefault(name) is Kind.Paragraph or Kind.Container or Kind.VoidBlock && name is not ("td" or "th");
            if (block || name is "br") EndLine(text);
            Append(element, text);
            if (block) EndLine(text);
            else if (name is "td" or "th") AppendRun(" ", text);
        }
    }

    private static void AppendRun(string run, StringBuilder text)
    {
        foreach (var c in run)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] is not (' ' or '\n')) text.Append(' ');
        }
    }

    private static void EndLine(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] == ' ') text.Length--;
        if (text.Length > 0 && text[^1] != '\n') text.Append('\n');
    }
}
