from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from twin.api import alarms, devices, imports, patrol, places, search, session

router = SimpleRouter()
router.register("communities", places.Communities, basename="community")
router.register("grids", places.Grids, basename="grid")
router.register("compounds", places.Compounds, basename="compound")
router.register("buildings", places.Buildings, basename="building")
router.register("dwellings", places.Dwellings, basename="dwelling")
router.register("devices", devices.Devices, basename="device")
router.register("alarms", alarms.Alarms, basename="alarm")
router.register("shifts", patrol.Shifts, basename="shift")
router.register("imports", imports.Imports, basename="import")

app_name = "api"
urlpatterns = [
    path("session/", session.Session.as_view(), name="session"),
    path("search/", search.Search.as_view(), name="search"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
]
