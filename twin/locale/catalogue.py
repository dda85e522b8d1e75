"""The Chinese of the back end: what is said in the source, and what the catalogue says to it.

Needs Babel, which only developers have; users get the compiled catalogue with the source.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("twin", "layers", "gis")
PO = Path(__file__).parent / "zh_Hans" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
MARKS = ("_", "say", "say_later", "gettext", "gettext_lazy", "gettext_noop", "known", "Sentence")
ERRORS = (  # of twin.base.errors, and of gis
    "Conflict", "Forbidden", "Invalid", "NotVisible", "TooLarge", "TooMany", "Unauthenticated", "Unavailable",
    "BrokenRing", "NotLonLat", "TooManyFlats", "UnknownSystem", "UnusableFootprint", "UnusableStoreys",
)  # fmt: skip
"""What is raised with these is said to people: its first argument is a message like any other."""
KEYWORDS = dict.fromkeys(MARKS + ERRORS)
IN_TEMPLATE = re.compile(r"""\{%\s*(?:translate|trans)\s+(["'])(.*?)\1""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
# The same words compile to the same file, whoever does it and when.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "# Chinese of the back end. Written by `python -m twin.locale --write`; the words are a person's.\n#"


def said() -> Catalog:
    """Every message of the source, with the files that say it."""
    catalog = Catalog(locale="zh_Hans", header_comment=HEADER, fuzzy=False)
    for folder in SOURCES:
        for name, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(f"{folder}/{name}", 0)])
        for template in sorted((ROOT / folder).rglob("templates/**/*.html")):
            for match in IN_TEMPLATE.finditer(template.read_text()):
                catalog.add(match[2], locations=[(str(template.relative_to(ROOT)), 0)])
    return catalog


def translated() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def compiled() -> dict[str, str]:
    with MO.open("rb") as file:
        return words_of(read_mo(file))


def words_of(catalog: Catalog) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string and not m.fuzzy}


def problems() -> list[str]:
    """What is missing, unused, wrongly filled in or not compiled; empty when all is well."""
    wanted, have = {str(m.id) for m in said() if m.id}, words_of(translated())
    found = [f"no Chinese for: {message}" for message in sorted(wanted - have.keys())]
    found += [f"no longer said: {message}" for message in sorted(have.keys() - wanted)]
    found += [
        f"other placeholders: {message}"
        for message, words in sorted(have.items())
        if set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(words))
    ]
    if compiled() != have:
        found.append("the compiled catalogue is not what the written one says")
    return found


def write() -> None:
    """Bring the catalogue up to date: new messages empty, unused ones gone, compiled anew."""
    known, catalog = words_of(translated()) if PO.exists() else {}, said()
    for message in catalog:
        if message.id:
            message.string = known.get(str(message.id), "")
    text = io.BytesIO()
    write_po(text, catalog, width=120, include_lineno=False, sort_by_file=True, omit_header=False)
    PO.write_bytes(_without_dates(text.getvalue()))
    words = translated()
    words.creation_date = words.revision_date = NO_DATE
    with MO.open("wb") as file:
        write_mo(file, words)


def _without_dates(text: bytes) -> bytes:
    """As with NO_DATE: a catalogue that did not change should not differ from itself."""
    kept = (b"MIME-Version", b"Content-T", b"Language:", b"Plural-Forms")
    return b"".join(
        line
        for line in text.splitlines(keepends=True)
        if not re.match(rb'"[A-Z][A-Za-z-]+: ', line) or line.startswith(tuple(b'"' + name for name in kept))
    )
