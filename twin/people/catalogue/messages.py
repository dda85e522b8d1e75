"""What an import of tags has to say: of the file, of a row, and how it is mended. By code; Chinese in the catalogue."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twin.base.notes import register_phrases

FILE: dict[str, str | Promise] = {
    "tags_header_not_found": _(
        "No header was found: a row that names the columns, with 标签编码 and others. Start from the example file, or say "
        "which column is which (--field)."
    ),
    "tags_have_no_rows": _("There are no tags in this file."),
    "tags_lower_not_used": _("No row of the file lowers the level of %(codes)s."),
}
ROW: dict[str, str | Promise] = {
    "tag_code_missing": _("%(column)s is empty. Write the code by which the tag is known for good."),
    "tag_code_form": _(
        "%(column)s: “%(text)s” is no code. Write up to 40 letters, figures, stops, hyphens or low lines."
    ),
    "tag_code_repeats_row": _("%(column)s: row %(row)s has the same code. Remove one of them."),
    "tag_name_missing": _("%(column)s is empty. Write the name; only L5 has none."),
    "tag_text_too_long": _("%(column)s: more than %(most)s letters. Shorten it."),
    "tag_level_missing": _("%(column)s is empty. Write L1, L2, L3, L4 or L5."),
    "tag_level_not_understood": _("%(column)s: “%(text)s” is no level. Write L1, L2, L3, L4 or L5."),
    "tag_level_would_fall": _(
        "%(column)s: %(tag)s is L%(then)s and would become L%(now)s, so that more people are told who has it. "
        "If that is meant, name %(tag)s where it is asked which levels may fall, with the reason, and send the file again."
    ),
    "tag_level_falls": _("The level falls from L%(then)s to L%(now)s, as was asked for: %(why)s"),
    "tag_applies_not_understood": _("%(column)s: “%(text)s” was not understood. Write 人, 户 or 房屋."),
    "tag_applies_stays": _(
        "%(column)s: %(tag)s is about a %(then)s and stays so, because some have it. Write what it was, or use another code."
    ),
    "tag_class_missing": _("%(column)s is empty. Write the class, from the top down, like 服务/老年人."),
    "tag_class_is_ambiguous": _(
        "%(column)s: several classes are called “%(text)s”. Write the way down to it, or its code."
    ),
    "tag_class_comes_new": _("The class “%(text)s” comes in new."),
    "tag_class_parent_unknown": _(
        "%(column)s: there is no class “%(text)s”, or its own row is refused. Correct it."
    ),
    "tag_class_below_itself": _("%(column)s: a class does not lie below itself. Correct it."),
    "tag_colour_not_understood": _("%(column)s: “%(text)s” is no colour. Write it like #8aa4c8."),
    "tag_pattern_not_understood": _(
        "%(column)s: “%(text)s” is no pattern. Write 纯色, 斜纹, 反斜纹, 横纹, 圆点, 交叉, 圆环 or 方格."
    ),
    "tag_lasts_not_understood": _(
        "%(column)s: “%(text)s” is no time. Write days, like 365, or 6个月, 1年; 长期 for none."
    ),
    "tag_position_not_understood": _("%(column)s: “%(text)s” is no number. Write one from 0 to 32767."),
    "tag_purpose_missing": _(
        "%(column)s is empty. From L3 on a tag says its purpose and its legal basis: write it."
    ),
    "tag_l5_says_nothing": _("%(column)s: an L5 tag says nothing but its code. Empty the cell."),
    "tag_l5_code_form": _("%(column)s: an L5 code is a letter and figures, like X1. Correct it."),
    "tag_is_not_kept": _("%(column)s: %(reason)s"),
    "tag_cell_is_an_error": _("%(column)s: the spreadsheet shows the error %(text)s. Correct the cell."),
}
register_phrases(FILE)
register_phrases(ROW)
REMARKS = frozenset({"tag_class_comes_new", "tag_level_falls"})
"""Notes that nobody has to mend."""
REFUSES = frozenset(ROW) - REMARKS
"""A row with one of these does not come in."""
