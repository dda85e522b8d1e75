"""Debian's Chromium, as it runs without a graphics card: the same for the tests and for what is measured."""

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip
SCREEN = {"width": 1280, "height": 720}
PLAIN = "aa=0"
"""In the address: edges are not smoothed, which a processor that plays graphics card pays for dearly."""
