"""Addresses as people write them: read (`reading`, text only), then found among a community's places (`reconciling`).

    clean text -> tokens -> readings (an address may be read in more ways than one) -> places that agree with all of it

Reading knows no tables; given the names of a community (`Lexicon`) it reads better. Reconciling is strict: a place is
right only when everything that was written agrees with it and nothing else agrees; all else is doubtful, with candidates.
"""

from twin.places.addresses.address import Address
from twin.places.addresses.lexicon import Lexicon, NameKind
from twin.places.addresses.reading import as_good_readings, read_address, readings
from twin.places.addresses.text import normalise

__all__ = ["Address", "Lexicon", "NameKind", "as_good_readings", "normalise", "read_address", "readings"]
