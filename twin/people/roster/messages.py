"""What an import of a roster has to say: of the file, of a row, and how it is mended. By code; Chinese in the catalogue."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twin.base.notes import register_phrases

FILE: dict[str, str | Promise] = {
    "roster_too_large": _("The file is larger than %(most)s MiB. Split it, for example by building."),
    "roster_is_old_excel": _("This is a spreadsheet of the old kind (.xls). Open it and save it as .xlsx."),
    "roster_is_no_spreadsheet": _("This is neither XLSX nor CSV. Open it and save it as .xlsx."),
    "roster_is_damaged": _("The spreadsheet is damaged (%(reason)s). Open it and save it again."),
    "roster_encoding_unknown": _("The text is neither in UTF-8 nor in GBK. Save the file as .xlsx."),
    "roster_has_too_many_rows": _(
        "The spreadsheet has more than %(most)s rows. Split it, for example by building."
    ),
    "roster_header_not_found": _(
        "No header was found: a row that names the columns, with 姓名 and others. Say which column is which."
    ),
    "roster_no_such_sheet": _("There is no sheet %(sheet)s; there are: %(sheets)s."),
    "roster_no_such_field": _("There is no field %(field)s; there are: %(fields)s."),
    "roster_no_such_column": _("There is no column %(column)s; there are: %(columns)s."),
    "roster_column_is_twice": _("Several columns could be %(field)s: %(columns)s. Say which one."),
    "roster_has_no_address": _(
        "No column tells the address: neither an address, nor building and room. Say which one."
    ),
    "roster_no_such_compound": _("There is no compound %(compound)s."),
    "roster_columns_not_read": _("These columns were not read: %(columns)s."),
    "roster_sheet_left_out": _("The sheet %(sheet)s has no header and was left out."),
    "roster_sheet_hidden": _("The sheet %(sheet)s is hidden and was left out."),
    "roster_place_from_title": _(
        "Addresses without a place are taken to lie in %(compound)s, as the title says."
    ),
    "roster_header_repeated": _("The header comes again in %(count)s rows, which were left out."),
    "roster_has_no_relations": _(
        "No column tells who is the head; the first person of each household was taken."
    ),
    "roster_has_no_rows": _("There are no people in this file."),
    "roster_division_missing": _(
        "The community does not say in which district it lies; addresses that name one are all doubtful."
    ),
}
ROW: dict[str, str | Promise] = {
    # the person
    "name_missing": _("%(column)s is empty. Write the name, or remove the row."),
    "name_has_digits": _("%(column)s has digits in it. Write the name only."),
    "name_too_long": _("%(column)s has more than 60 letters. Write the name only."),
    "name_remark_left_out": _("%(column)s: “%(text)s” is no part of the name, and was left out."),
    "row_is_of_the_dead": _(
        "%(column)s: “%(text)s”. Remove the row, and end the person where people are kept."
    ),
    "identity_form": _("%(column)s: an identity number has 17 digits and a check digit or X. Correct it."),
    "identity_old": _("%(column)s: this is an old number of 15 digits. Write the one of 18."),
    "identity_rounded": _(
        "%(column)s: the spreadsheet has rounded the number, so its last digits are lost. "
        "Format the column as text and write the number again."
    ),
    "identity_birth": _("%(column)s: digits 7 to 14 are no date of birth. Correct the number."),
    "identity_check": _(
        "%(column)s: the check digit does not fit, so one of the digits is wrong. Correct it."
    ),
    "identity_and_birth_differ": _(
        "%(column)s: the identity number says another date of birth. Correct whichever is wrong."
    ),
    "identity_and_sex_differ": _(
        "%(column)s: the identity number says another sex. Correct whichever is wrong."
    ),
    "identity_repeats_row": _(
        "%(column)s: row %(row)s has the same number and the name %(name)s. Correct the one that is wrong."
    ),
    "person_repeats_row": _(
        "%(column)s: the same person at the same address is in row %(row)s. Remove one of them."
    ),
    "person_elsewhere_in_row": _(
        "%(column)s: row %(row)s has the same person at another address. "
        "Say in 人户状态 where the person is registered and where living."
    ),
    "identity_is_somebody_elses": _(
        "%(column)s: this number is that of somebody with another name in the community. Correct the number or the name."
    ),
    "person_may_repeat_row": _(
        "%(column)s: row %(row)s has the same name at the same address, and no identity number tells them apart. "
        "Write the numbers."
    ),
    "document_unknown": _(
        "%(column)s: “%(text)s” is no kind of document. Write 居民身份证, 护照 or another."
    ),
    "birth_not_understood": _(
        "%(column)s: “%(text)s” is no date, and was left out. Write it like 1990-01-31."
    ),
    "birth_is_no_day": _("%(column)s: the day “%(text)s” does not exist. Correct it."),
    "birth_only_month": _("%(column)s: “%(text)s” has no day, and was left out. Write it like 1990-01-31."),
    "birth_in_future": _("%(column)s: %(text)s lies in the future. Correct it."),
    "sex_not_understood": _("%(column)s: “%(text)s” is no sex, and was left out. Write 男 or 女."),
    "phone_not_understood": _("%(column)s: this is no phone number, and was left out. Correct it."),
    "phone_rounded": _(
        "%(column)s: the spreadsheet has rounded the number, and it was left out. "
        "Format the column as text and write it again."
    ),
    "second_phone_left_out": _("%(column)s: only the first of several phone numbers was taken."),
    "cell_is_an_error": _("%(column)s: the spreadsheet shows the error %(text)s. Correct the cell."),
    # the household
    "relation_not_understood": _(
        "%(column)s: “%(text)s” is no relation that is known; taken as 其他. Write 户主, 配偶, 子女, 父母 or 其他."
    ),
    "second_head": _(
        "%(column)s: row %(row)s is the head of this household already. Correct the relation or the household's number."
    ),
    "tenure_not_understood": _(
        "%(column)s: “%(text)s” was not understood, and left out. Write 自有, 租住, 借住 or 空挂."
    ),
    "residence_not_understood": _(
        "%(column)s: “%(text)s” was not understood. Write 人户一致, 人在户不在 or 户在人不在."
    ),
    "since_not_understood": _(
        "%(column)s: “%(text)s” is no date, and was left out. Write it like 2020-01-31."
    ),
    "since_in_future": _("%(column)s: %(text)s lies in the future, and was left out. Correct it."),
    # the address
    "address_missing": _("%(column)s is empty, and nothing above belongs to this row. Write the address."),
    "address_doubtful": _("%(column)s: “%(text)s” waits until somebody has decided where it is. %(reason)s"),
    "address_is_no_home": _("%(column)s: “%(text)s” is a building and no home in it. Write unit and room."),
    "address_continued": _("The address is that of row %(row)s."),
    "left_out_by_clerk": _(
        "%(column)s: somebody has decided that “%(text)s” is no address of this community."
    ),
    "registered_elsewhere": _(
        "%(column)s: “%(text)s” is no home of this community; no registration was entered."
    ),
    # what is known already
    "known_by_name": _("Known by name and address; the person there had no identity number."),
    "was_gone": _("Somebody with this number was gone; a new person was entered."),
    "moves_here": _("Moves here from %(place)s."),
    "lives_also_in": _("Lives also in %(place)s, as another source says."),
    "other_head_is_known": _(
        "The household has another head already; taken as 其他. Correct it where people are kept."
    ),
}
register_phrases(FILE)
register_phrases(ROW)
REFUSES = frozenset({
    "name_missing", "name_has_digits", "name_too_long", "row_is_of_the_dead", "identity_form", "identity_old",
    "identity_rounded", "identity_birth", "identity_check", "identity_and_birth_differ", "identity_and_sex_differ",
    "identity_repeats_row", "person_repeats_row", "person_elsewhere_in_row", "identity_is_somebody_elses",
    "person_may_repeat_row", "document_unknown", "birth_is_no_day", "birth_in_future", "second_head", "address_missing",
    "residence_not_understood", "cell_is_an_error", "left_out_by_clerk",
})  # fmt: skip
"""A row with one of these does not come in; the other notes tell what was done with it."""
REMARKS = frozenset({
    "address_continued", "known_by_name", "was_gone", "moves_here", "lives_also_in", "second_phone_left_out",
    "registered_elsewhere", "name_remark_left_out",
})  # fmt: skip
"""Notes that nobody has to mend."""
