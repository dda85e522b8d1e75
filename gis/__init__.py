"""Pure geometry: values in, values out. No tables, no settings, no network.

Longitude and latitude are EPSG:4326 with longitude first; lengths are metres, areas square metres, heights
metres above ground. Every mistake in an input is a `gis.errors.GisError` that says what is wrong and what
would be right.
"""
