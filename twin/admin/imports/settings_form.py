"""What a clerk says about a file: which places, in which coordinates, and what may happen to those that are there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from gis.crs import MERIDIANS_3_DEGREES, ZONES_3_DEGREES
from twin.base.errors import Invalid
from twin.places.importing.asking import LONGEST_SOURCE, MOST_DEFAULT_FLOORS, options_of, source_of
from twin.places.importing.request import Options
from twin.places.models import Community, ImportRun

OTHER = "other"
IN_CHINA_EAST = range(35, 43)
"""Zones of 3 degrees from 105 to 126 degrees east: what offices between Chengdu and Harbin use."""

Choices = list[tuple[str, Any]]


def systems() -> Choices:
    """The usual ones by the names that people know."""
    zones: Choices = [
        (
            f"EPSG:{ZONES_3_DEGREES[zone]}",
            say("Zone %(zone)s: the first number begins with %(zone)s") % {"zone": zone},
        )
        for zone in IN_CHINA_EAST
    ]
    meridians: Choices = [
        (
            f"EPSG:{MERIDIANS_3_DEGREES[3 * zone]}",
            say("Meridian %(degrees)s°E: no zone before it") % {"degrees": 3 * zone},
        )
        for zone in IN_CHINA_EAST
    ]
    return [
        ("", _("As the file says (usual)")),
        ("EPSG:4326", _("WGS 84: longitude and latitude, GPS")),
        ("EPSG:4490", _("CGCS2000: longitude and latitude, surveyors")),
        ("GCJ-02", _("GCJ-02: AMap, Tencent, WeChat; shifted, will be converted")),
        ("BD-09", _("BD-09: Baidu; shifted, will be converted")),
        ("EPSG:3857", _("Web Mercator: metres, internet maps")),
        (say("CGCS2000 in metres, 3 degrees, by zone"), zones),
        (say("CGCS2000 in metres, 3 degrees, by meridian"), meridians),
        (OTHER, _("Another one, by its EPSG number")),
    ]


KIND_HELP: dict[str, str | Promise] = {
    ImportRun.Kind.STREETS: _("Middle lines of roads. Best first: buildings are checked against them."),
    ImportRun.Kind.GRIDS: _("Areas of the grids, with their names and the grid above."),
    ImportRun.Kind.COMPOUNDS: _("Areas of compounds, with their names."),
    ImportRun.Kind.BUILDINGS: _(
        "Outlines of buildings, with floors or height. Then they can be cut into homes."
    ),
    ImportRun.Kind.LANDCOVER: _("Parks, water, squares, parking: what the map shows on the ground."),
}


NO_FILE = _("Choose a file from this computer first.")


class FileInput(forms.ClearableFileInput):
    """Only a choice: nothing is said of a file that was chosen before."""

    template_name = "django/forms/widgets/input.html"


class SettingsForm(forms.Form):
    """How a file is to be read."""

    crs = forms.ChoiceField(
        label=_("Coordinate system"), required=False, choices=systems,
        help_text=_("Leave it as it is when the file knows its own; it is never guessed."),
    )  # fmt: skip
    crs_text = forms.CharField(
        label=_("Other coordinate system"), required=False, max_length=4000,
        help_text=_("Such as EPSG:2437, or its full name."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where the places come from"), required=False, max_length=LONGEST_SOURCE,
        help_text=_(
            "A short name for who delivers them, such as “survey 2026”. A later file under the same name updates these "
            "places instead of doubling them. Empty: the name of the file."
        ),
    )  # fmt: skip
    end_missing = forms.BooleanField(
        label=_("The file is complete: what it no longer has, ends"), required=False,
        help_text=_(
            "Places that an earlier file under the same name brought and this one does not have will end, buildings with "
            "their homes. The report lists each before anything happens. Otherwise they stay."
        ),
    )  # fmt: skip
    move_grids = forms.BooleanField(
        label=_("Move grids in the tree"), required=False,
        help_text=_(
            "Only for grids: one that names another grid above it than before moves there, with its buildings and all that "
            "is counted below it. Otherwise such rows are refused."
        ),
    )  # fmt: skip
    reference = forms.FileField(
        label=_("File to compare with"), required=False, widget=FileInput,
        help_text=_(
            "Streets or buildings that are known to lie right. With them a shift of internet maps is noticed, when the "
            "community has no streets yet."
        ),
    )  # fmt: skip
    reference_crs = forms.ChoiceField(label=_("Its coordinate system"), required=False, choices=systems)
    default_floors = forms.IntegerField(
        label=_("Floors, where nothing is known"), required=False, min_value=1, max_value=MOST_DEFAULT_FLOORS,
        help_text=_("For buildings without floors and without a height. Empty: one."),
    )  # fmt: skip
    layer = forms.CharField(
        label=_("Layer"), required=False, max_length=200, help_text=_("Only when a file has several.")
    )
    encoding = forms.CharField(
        label=_("Encoding of its texts"), required=False, max_length=40,
        help_text=_("GBK or UTF-8; usually told by itself."),
    )  # fmt: skip
    columns = forms.CharField(
        label=_("Columns"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Usual names are recognised. One line for each that is not: our field = column of the file, such as "
            "“floors = 层数”. Nothing after the sign leaves a column out."
        ),
    )  # fmt: skip
    constants = forms.CharField(
        label=_("The same for all rows"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One line each: our field = value, such as “use = 住宅”."),
    )  # fmt: skip
    accept_shift = forms.BooleanField(label=_("It is not shifted, whatever it looks like"), required=False)
    accept_far = forms.BooleanField(label=_("Far away is right"), required=False)
    accept_duplicates = forms.BooleanField(
        label=_("They are others: import although most stand there already"), required=False
    )

    USUAL = ("crs", "crs_text", "source", "end_missing", "move_grids")
    MORE = ("reference", "reference_crs", "default_floors", "layer", "encoding", "columns", "constants", "accept_shift",
            "accept_far", "accept_duplicates")  # fmt: skip

    after_refusal = False
    """What helps is often among the settings that are folded away otherwise."""

    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in self.USUAL]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        return self.after_refusal or any(self[name].errors or self[name].value() for name in self.MORE)

    def clean_columns(self) -> dict[str, str]:
        return lines(self.cleaned_data["columns"])

    def clean_constants(self) -> dict[str, str]:
        return lines(self.cleaned_data["constants"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("crs") == OTHER and not said.get("crs_text"):
            self.add_error("crs_text", say("Write which one it is."))
        return said

    def options(self) -> Options:
        """Raises Invalid."""
        said = self.cleaned_data
        crs = said["crs_text"] if said["crs"] == OTHER else said["crs"]
        flags = ("end_missing", "move_grids", "accept_shift", "accept_far", "accept_duplicates")
        return options_of(
            crs=crs or None, reference_crs=said["reference_crs"] or None, layer=said["layer"] or None,
            encoding=said["encoding"] or None, default_floors=said["default_floors"] or 1, fields=said["columns"],
            constants=said["constants"], **{name: said[name] for name in flags},
        )  # fmt: skip

    def source_name(self, file_name: str) -> str:
        """Raises Invalid."""
        return source_of(self.cleaned_data["source"] or None, file_name)


class UploadForm(SettingsForm):
    """A file that has not been sent yet."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    kind = forms.ChoiceField(
        label=_("What is in the file"), choices=ImportRun.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is in the file; the check depends on it.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), widget=FileInput, max_length=200, allow_empty_file=True,
        error_messages={"required": NO_FILE},
        help_text=_("GeoJSON, GeoPackage, CityJSON, or a Shapefile with all of its parts in one zip."),
    )  # fmt: skip

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        field.queryset = communities  # type: ignore[attr-defined]
        if len(communities) == 1:
            field.initial = communities[0].pk
            field.widget = forms.HiddenInput()

    def kinds(self) -> list[dict[str, Any]]:
        return [
            {
                "value": value,
                "label": ImportRun.Kind(value).label,
                "help": text,
                "chosen": self["kind"].value() == value,
            }
            for value, text in KIND_HELP.items()
        ]


def said_before(run: ImportRun) -> dict[str, Any]:
    """The settings of a run, as the form shows them."""
    options = Options(**run.options)
    known = {value for value, label in flat(systems())}
    crs = options.crs or ""
    other = crs not in known
    stored = options.stored()
    return {
        **stored,
        "crs": OTHER if other else crs,
        "crs_text": crs if other else "",
        "source": run.source,
        "reference_crs": options.reference_crs or "",
        "default_floors": options.default_floors if options.default_floors != 1 else None,
        "layer": options.layer or "",
        "encoding": options.encoding or "",
        "columns": written(options.fields),
        "constants": written(options.constants),
    }


def flat(choices: Choices) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for value, label in choices:
        found += label if isinstance(label, list) else [(value, label)]
    return found


def lines(text: str) -> dict[str, str]:
    """ "field = value", line by line. Raises ValidationError for a line without the sign."""
    found: dict[str, str] = {}
    for line in text.replace("＝", "=").splitlines():
        if not line.strip():
            continue
        name, sign, value = line.partition("=")
        if not sign or not name.strip():
            raise forms.ValidationError(say("Write each line as: field = name of the column."))
        found[name.strip()] = value.strip()
    return found


def written(pairs: Any) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())


def try_source(form: SettingsForm, file_name: str) -> tuple[str, Options] | None:
    """Source and options of a form that is valid; None, and the reason on the form, for what cannot be right."""
    try:
        return form.source_name(file_name), form.options()
    except Invalid as error:
        form.add_error(error.where if error.where in form.fields else None, error.message)
        return None
