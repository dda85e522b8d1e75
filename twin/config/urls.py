from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from twin.admin.site import site
from twin.api.faces import photo
from twin.base.http import failed, not_found, suspicious
from twin.config import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.command_centre, name="command_centre"),
    path("login/", pages.log_in, name="log_in"),
    path("desk/", RedirectView.as_view(pattern_name="desk_reports", query_string=True), name="desk"),
    path("desk/reports/", pages.reports, name="desk_reports"),
    path("r/", pages.resident, name="resident"),
    path("api/users/<int:user_id>/photo/", photo, name="photo"),
    path("api/", include("twin.api.urls")),
    path("layers/", include("layers.urls")),
    path("ingest/", include("twin.ingest.urls")),
    path("admin/", site.urls),
]
handler400 = suspicious
handler404 = not_found
handler500 = failed
