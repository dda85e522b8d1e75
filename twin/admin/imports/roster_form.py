"""What a clerk says about a roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twin.admin.imports.settings_form import NO_FILE, FileInput, lines, written
from twin.people.models import RosterRun
from twin.people.roster.plan import Options
from twin.places.importing.asking import LONGEST_SOURCE, source_of
from twin.places.models import Community


class RosterForm(forms.Form):
    """A spreadsheet that has not been sent yet, and how it is to be read."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    file = forms.FileField(
        label=_("File"), widget=FileInput, max_length=200, allow_empty_file=True,
        error_messages={"required": NO_FILE},
        help_text=_("XLSX or CSV, as the office keeps it; what is in a .xls has to be saved anew as .xlsx."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where the roster comes from"), required=False, max_length=LONGEST_SOURCE,
        help_text=_(
            "A short name, such as “police station”; empty: the name of the file. A later roster under the same name "
            "updates these people and households."
        ),
    )  # fmt: skip
    compound = forms.CharField(
        label=_("Compound"), required=False, max_length=80,
        help_text=_("Where addresses lie that name no place, such as “Building 1, unit 2, 302”."),
    )  # fmt: skip
    sheet = forms.CharField(
        label=_("Sheet"), required=False, max_length=60, help_text=_("Empty: all sheets that have a header.")
    )
    columns = forms.CharField(
        label=_("Columns"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Usual names are recognised. One line for each that is not: our field = column of the file, such as "
            "“address = 现住址” or “address = F”. Nothing after the sign leaves a column out. Our fields: household, name, "
            "head_name, relation, sex, birth_date, identity, identity_kind, phone, address, registered_address, compound, "
            "building, unit, room, residence, tenure, since."
        ),
    )  # fmt: skip
    encoding = forms.CharField(
        label=_("Encoding of its texts"), required=False, max_length=40,
        help_text=_("Only of CSV: GBK or UTF-8; usually told by itself."),
    )  # fmt: skip

    USUAL = ("source", "compound")
    MORE = ("sheet", "columns", "encoding")

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        field.queryset = communities  # type: ignore[attr-defined]
        if len(communities) == 1:
            field.initial = communities[0].pk
            field.widget = forms.HiddenInput()

    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in self.USUAL]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.MORE)

    def clean_columns(self) -> dict[str, str]:
        return lines(self.cleaned_data["columns"])

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            sheet=said["sheet"] or None, fields=said["columns"], compound=said["compound"],
            encoding=said["encoding"] or None,
        )  # fmt: skip

    def source_name(self, file_name: str) -> str:
        """Raises Invalid."""
        return source_of(self.cleaned_data["source"] or None, file_name)


def said_of(run: RosterRun) -> dict[str, Any]:
    """What was said of a roster before, to say it again of a better file."""
    options = Options(**run.options)
    return {
        "community": run.community_id, "source": run.source, "compound": options.compound, "sheet": options.sheet or "",
        "columns": written(options.fields), "encoding": options.encoding or "",
    }  # fmt: skip
