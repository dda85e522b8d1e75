from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from twin.api import alarms, devices, imports, looks, patrol, people, places, search, session, tags

router = SimpleRouter()
router.register("communities", places.Communities, basename="community")
router.register("grids", places.Grids, basename="grid")
router.register("compounds", places.Compounds, basename="compound")
router.register("buildings", places.Buildings, basename="building")
router.register("dwellings", places.Dwellings, basename="dwelling")
router.register("devices", devices.Devices, basename="device")
router.register("alarms", alarms.Alarms, basename="alarm")
router.register("shifts", patrol.Shifts, basename="shift")
router.register("panoramas", people.Panoramas, basename="panorama")
router.register("households", people.Households, basename="household")
router.register("people", people.People, basename="person")
router.register("reveals", people.Reveals, basename="reveal")
router.register("tag-classes", tags.TagClasses, basename="tag-class")
router.register("tags", tags.Tags, basename="tag")
router.register("looks", looks.Looks, basename="look")
router.register("imports", imports.Imports, basename="import")

app_name = "api"
urlpatterns = [
    path("session/", session.Session.as_view(), name="session"),
    path("search/", search.Search.as_view(), name="search"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
]
