from django.urls import path

from layers import facade_views, views

TILE = "<int:version>/<int:z>/<int:x>/<int:y>"

app_name = "layers"
urlpatterns = [
    path("<int:community_id>/manifest.json", views.manifest, name="manifest"),
    path(f"<int:community_id>/tiles/<slug:name>/{TILE}.mvt", views.tiles, name="tiles"),
    path(f"<int:community_id>/panels/{TILE}.bin", views.panels, name="panels"),
    path("<int:community_id>/features/<slug:name>/", views.features, name="features"),
    path("<int:community_id>/facades/", facade_views.listed, name="facades"),
    path("<int:community_id>/facades/<slug:name>/", facade_views.legend, name="facade"),
    path("<int:community_id>/facades/<slug:name>/homes/", facade_views.homes, name="facade-homes"),
]
