"""The pages of catalogues of tags: the file to start from, sending one, its report row by row, and bringing it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_EDIT_PEOPLE
from twin.admin.imports import catalogue_report
from twin.admin.imports.file_runs import FileRunAdmin
from twin.admin.imports.settings_form import FileInput, lines
from twin.admin.rooms import entered_at
from twin.admin.site import site
from twin.admin.work import clerk_of
from twin.base.runs import MIB
from twin.people.catalogue.example import example_workbook
from twin.people.catalogue.plan import SHORTEST_REASON, CatalogueRequest, Options
from twin.people.catalogue.runs import MOST_BYTES, apply_catalogue, check_catalogue, receive_catalogue
from twin.people.models import TagCatalogueRow, TagCatalogueRun
from twin.people.roster.handing_back import XLSX
from twin.places.importing.asking import source_of
from twin.places.models import Community


class CatalogueForm(forms.Form):
    """A spreadsheet that has not been sent yet, and how it is to be read."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    file = forms.FileField(
        label=_("File"), widget=FileInput, max_length=200, allow_empty_file=True,
        help_text=_("XLSX or CSV, in the columns of the example file; usual other names are recognised."),
    )  # fmt: skip
    lower = forms.CharField(
        label=_("Tags whose level may fall"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their codes, with blanks between. More people are told then who has them. Empty: no level falls."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why they fall"), required=False, max_length=200, help_text=_("The audit keeps it.")
    )
    sheet = forms.CharField(
        label=_("Sheet"), required=False, max_length=60, help_text=_("Empty: all sheets that have a header.")
    )
    columns = forms.CharField(
        label=_("Columns"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One line for each that is not recognised: our field = column of the file, such as “level = F”."),
    )  # fmt: skip
    encoding = forms.CharField(
        label=_("Encoding of its texts"), required=False, max_length=40,
        help_text=_("Only of CSV: GBK or UTF-8; usually told by itself."),
    )  # fmt: skip

    USUAL = ("lower", "why")
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

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(say("At most %(most)s MiB are read.") % {"most": MOST_BYTES // MIB})
        return file

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("lower") and len(said.get("why", "").strip()) < SHORTEST_REASON:
            self.add_error("why", say("Say why the levels may fall."))
        return said

    def request(self) -> CatalogueRequest:
        said = self.cleaned_data
        options = Options(
            sheet=said["sheet"] or None, fields=said["columns"], encoding=said["encoding"] or None,
            lower=tuple(said["lower"].replace(",", " ").replace("，", " ").split()), why=said["why"],
        )  # fmt: skip
        file = said["file"]
        return CatalogueRequest(
            said["community"], file.read(), file.name, source_of(None, file.name), options
        )


@register(TagCatalogueRun, site=site)
class TagCatalogueRunAdmin(FileRunAdmin):
    """Catalogues, for who may edit all people of a community. They are small: nothing of them is done later."""

    editors = MAY_EDIT_PEOPLE
    row_model, rows_in_order = TagCatalogueRow, ("pk",)
    audited_as, add_title = "tags.apply", _("Bring in a catalogue of tags")
    check_now, apply_now = check_catalogue, apply_catalogue
    check_later = apply_later = None

    list_display = ("file_name", "told_state", "told_counts", "by", entered_at, "applied_at")
    list_filter = ("community", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("file")

    def is_large(self, run: TagCatalogueRun) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [self.at("example/<int:community_id>/", self.example_view, "example"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise Http404
        communities = self.communities(request)
        form = CatalogueForm(request.POST or None, request.FILES or None, communities=communities)
        if request.method == "POST" and form.is_valid():
            return self.checked(receive_catalogue(request=form.request(), by=clerk_of(request)))
        examples = [
            (community.name, reverse("admin:people_tagcataloguerun_example", args=[community.pk]))
            for community in communities
        ]
        context = self.context(request, title=self.add_title, form=form, examples=examples)
        return TemplateResponse(request, "back_office/imports/catalogue_upload.html", context)

    def example_view(self, request: HttpRequest, community_id: int) -> HttpResponse:
        """The file to start from. Raises Http404 for a community that this clerk does not edit."""
        community = self.communities(request).filter(pk=community_id).first()
        if community is None:
            raise Http404
        name = f"tags-{community.pk}.xlsx"
        return HttpResponse(
            example_workbook(community),
            content_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def run_page(self, request: HttpRequest, run: TagCatalogueRun) -> HttpResponse:
        context = {
            **self.told_run(request, run),
            **self.paged(request, run),
            "read_as": catalogue_report.read_as(run),
        }
        context["rows"] = catalogue_report.rows_told(list(context["page"]))
        return TemplateResponse(request, "back_office/imports/catalogue.html", context)
