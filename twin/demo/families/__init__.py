"""Families for the homes of a demo community: believable together, every single one made up. Values in, values out.

The same seed gives the same people. Names, numbers and telephones are visibly synthetic (`inventing.py`).
"""

from twin.demo.families.family import Family, Home, Member, Stay
from twin.demo.families.settling import settle

__all__ = ["Family", "Home", "Member", "Stay", "settle"]
