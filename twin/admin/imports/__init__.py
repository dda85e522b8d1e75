"""Bringing places in, on pages: a file, what would become of it, and doing it. Then cutting what came in into homes."""
