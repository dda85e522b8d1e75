from django.urls import path

from twin.ingest import fixes, osmand, owntracks, readings

app_name = "ingest"
urlpatterns = [
    path("fixes/", fixes.receive, name="fixes"),
    path("osmand/", osmand.receive, name="osmand"),
    path("owntracks/", owntracks.receive, name="owntracks"),
    path("readings/", readings.receive, name="readings"),
    path("readings/<slug:form>/", readings.receive_as, name="readings_as"),
]
