from __future__ import annotations


def cut_building(): ...
