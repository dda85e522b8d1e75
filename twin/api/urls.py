from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from twin.api import (
    alarms,
    devices,
    imports,
    invitations,
    looks,
    patrol,
    people,
    places,
    points,
    points_boards,
    points_claims,
    points_ledger,
    points_rules,
    points_shop,
    points_votes,
    report_forms,
    reports,
    residents,
    rosters,
    search,
    session,
    tag_catalogues,
    taggings,
    tags,
    visits,
)

router = SimpleRouter()
router.register("communities", places.Communities, basename="community")
router.register("grids", places.Grids, basename="grid")
router.register("compounds", places.Compounds, basename="compound")
router.register("buildings", places.Buildings, basename="building")
router.register("dwellings", places.Dwellings, basename="dwelling")
router.register("devices", devices.Devices, basename="device")
router.register("alarms", alarms.Alarms, basename="alarm")
router.register("shifts", patrol.Shifts, basename="shift")
router.register("visits", visits.Visits, basename="visit")
router.register("panoramas", people.Panoramas, basename="panorama")
router.register("households", people.Households, basename="household")
router.register("people", people.People, basename="person")
router.register("reveals", people.Reveals, basename="reveal")
router.register("invitations", invitations.Invitations, basename="invitation")
router.register("tag-classes", tags.TagClasses, basename="tag-class")
router.register("tags", tags.Tags, basename="tag")
router.register("tag-catalogues", tag_catalogues.TagCatalogues, basename="tag-catalogue")
router.register("taggings", taggings.Taggings, basename="tagging")
router.register("looks", looks.Looks, basename="look")
router.register("imports", imports.Imports, basename="import")
router.register("points/households", points.PointsOfHouseholds, basename="points")
router.register("points/boards", points_boards.Boards, basename="points-board")
router.register("points/bands", points_boards.Bands, basename="points-band")
router.register("points/schemes", points_boards.Schemes, basename="points-scheme")
router.register("points/rules", points_rules.Rules, basename="points-rule")
router.register("points/classes", points_rules.RuleClasses, basename="points-class")
router.register("points/entries", points_ledger.Entries, basename="points-entry")
router.register("points/claims", points_claims.Claims, basename="points-claim")
router.register("points/rewards", points_shop.Rewards, basename="points-reward")
router.register("points/redemptions", points_shop.Redemptions, basename="points-redemption")
router.register("points/votes", points_votes.Votes, basename="points-vote")
router.register("rosters", rosters.Rosters, basename="roster")
router.register("roster-addresses", rosters.RosterAddresses, basename="roster-address")
router.register("address-aliases", rosters.AddressAliases, basename="address-alias")
router.register("report-fields", reports.ReportFields, basename="report-field")
router.register("report-forms", report_forms.ReportForms, basename="report-form")
router.register("reports", reports.Reports, basename="report")

app_name = "api"
urlpatterns = [
    path("session/", session.Session.as_view(), name="session"),
    path("resident/", residents.Resident.as_view(), name="resident"),
    path("resident/session/", residents.ResidentSession.as_view(), name="resident-session"),
    path("search/", search.Search.as_view(), name="search"),
    path("search/digits/", search.SearchByDigits.as_view(), name="search-by-digits"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("points/photos/<int:photo_id>/", points_claims.claim_photo, name="points-photo"),
    path("", include(router.urls)),
]
