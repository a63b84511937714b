using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Media;

/// <summary>The picture that leads an article, with the words that this article puts to it. Width and height are the picture's own, which never change.</summary>
public sealed record LeadImage(Guid Id, string Alt, string? Caption, string? Credit, int Width, int Height)
{
    /// <summary>What is not said is taken from the library; an empty caption or credit is none.</summary>
    /// <exception cref="Problem">400 with every wrong field.</exception>
    public static LeadImage From(LeadImageInput input, Picture picture)
    {
        var errors = new FieldErrors();
        var alt = errors.OptionalText(input.Alt, 1000, "leadImage.alt") ?? picture.Text.Alt;
        var caption = input.Caption is null ? picture.Text.Caption : errors.OptionalText(input.Caption, 1000, "leadImage.caption");
        var credit = input.Credit is null ? picture.Text.Credit : errors.OptionalText(input.Credit, 200, "leadImage.credit");
        errors.ThrowIfAny();
        return new LeadImage(picture.Id, Normaliser.OneLine(alt), caption is null ? null : Normaliser.OneLine(caption), credit is null ? null : Normaliser.OneLine(credit), picture.Width, picture.Height);
    }

    /// <summary>The widest variant.</summary>
    public string Path => Picture.Path(Id, Picture.WidthsOf(Width)[^1]);
}
