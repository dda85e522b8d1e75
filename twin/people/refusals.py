"""What is not kept as a tag by name, in any community: it would harm people if it were seen, and no service needs the word.

Where an office must know, it keeps the content itself and gives an opaque L5 code here.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_noop as known

from gis.sentence import Sentence
from twin.base.errors import Invalid

REFUSED: Final = {
    known(
        "religion"
    ): r"宗教|信教|信徒|教徒|基督|天主教|伊斯兰|穆斯林|佛教徒|religio|christian|muslim|buddhist|catholic",
    known(
        "a health diagnosis"
    ): r"艾滋|爱滋|(?<![a-z])(HIV|AIDS)(?![a-z])|梅毒|性病|肝炎|乙肝|结核|精神病|精神障碍|精神分裂|抑郁"
    r"|hepatitis|syphilis|psychiatric|schizo",
    known("petitioning"): r"上访|信访|访民|缠访|闹访|petition",
    known("a criminal record"): r"前科|刑满|刑释|罪犯|犯罪|服刑|劳改|劳教|社区矫正|吸毒|涉毒|戒毒"
    r"|criminal|convict|ex-offender|drug addict",
    known("a suspicion"): r"疑似|可疑|嫌疑|suspect|suspicious",
}


def refuse_by_name(*texts: str, where: str = "name") -> None:
    """Raises Invalid, code `refused_tag`, when a tag is named after one of these."""
    said = " ".join(texts)
    for what, words in REFUSED.items():
        if re.search(words, said, re.IGNORECASE):
            raise Invalid(
                "A tag does not name %(what)s: keep the content elsewhere, and give an L5 code where it must be.",
                what=Sentence(what),
                where=where,
                code="refused_tag",
            )
