"""A resident's way: a code from the household's panel, the phone, a claim with a photo, points spent."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PLAIN, NewContext, SignedIn
from tests.e2e.site import Site

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
RICH = """
    SELECT account.household_id, household.dwelling_id, account.balance
    FROM points_account AS account JOIN people_household AS household ON household.id = account.household_id
    JOIN people_residence AS stay ON stay.household_id = household.id AND upper_inf(stay.during)
        AND stay.basis = 'actual' AND stay.role = 'head' AND stay.dwelling_id = household.dwelling_id
    WHERE account.balance BETWEEN 20 AND 60 ORDER BY account.household_id LIMIT 1 OFFSET %s
"""
MAKER = "SECRETMAKER"


def by(name: str) -> str:
    return f"[data-test={name}]"


def code_from_panel(panel: Page, household: int) -> str:
    """What a worker does: opens the household's head, asks for a code, reads it out."""
    card = panel.locator(by(f"household-{household}"))
    card.locator("details.member summary").first.click()
    card.locator("[data-test^=invite-]").first.click()
    code = panel.locator(by("invitation-code"))
    expect(code).to_be_visible()
    return code.inner_text()


def photo_with_a_past() -> bytes:
    image, out = Image.new("RGB", (1200, 900), "#7a9"), BytesIO()
    about = image.getexif()
    about[0x010F] = MAKER
    image.save(out, "JPEG", exif=about)
    return out.getvalue()


@pytest.fixture
def household(site: Site) -> tuple[int, int, int]:
    """Household, dwelling, balance."""
    found: tuple[int, int, int] = site.database.rows(RICH, 0)[0]
    return found


def enter(phone: Page, site: Site, code: str) -> None:
    phone.goto(f"{site.url}/r/")
    phone.locator("#code").press_sequentially(code.replace(" ", ""))
    phone.click(by("enter"))
    expect(phone.locator(by("balance"))).to_be_visible()


def test_a_resident_comes_in_by_a_code_claims_with_a_photo_and_spends_points(
    signed_in_as: SignedIn, new_context: NewContext, site: Site, household: tuple[int, int, int], outside: list[str]
) -> None:  # fmt: skip
    home, dwelling, balance = household
    panel = signed_in_as("admin", f"/?{PLAIN}&sel=dwelling:{dwelling}", reduced_motion="reduce")
    expect(panel.locator(by(f"points-{home}")).locator(by("balance"))).to_contain_text(str(balance))
    code = code_from_panel(panel, home)
    panel.close()

    phone = new_context(**PHONE).new_page()
    enter(phone, site, code)
    expect(phone.locator(by("balance"))).to_have_text(str(balance))
    expect(phone.locator(by("members"))).to_contain_text("**")

    phone.click(by("page-claim"))
    phone.click(by("class-environment"))
    phone.click(by("rule-clean_up"))
    phone.click(by("send"))
    expect(phone.get_by_role("alert")).to_be_visible()  # this rule wants a photo
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo_with_a_past()}
    phone.set_input_files(by("photo"), files=[photo])
    phone.fill("#note", "扫了楼前的落叶")
    phone.click(by("send"))
    expect(phone.locator(by("sent"))).to_be_visible()
    shown = phone.locator(f"{by('claims')} [data-state=filed] img").first
    expect(shown).to_be_visible()
    kept = phone.request.get(f"{site.url}{shown.get_attribute('src')}")
    assert kept.headers["content-type"] == "image/jpeg"
    assert MAKER.encode() not in kept.body()

    phone.click(by("page-shop"))
    phone.click(by("redeem-soy_sauce"))
    phone.click(by("spend"))
    expect(phone.locator(by("done"))).to_be_visible()
    phone.click(by("page-board"))
    expect(phone.locator(by("board"))).to_contain_text("**")
    phone.click(by("page-home"))
    expect(phone.locator(by("balance"))).to_have_text(str(balance - 3))
    expect(phone.locator(by("entries")).locator("li").first).to_contain_text("−3")

    for page in ("home", "claim", "shop", "board"):
        phone.click(by(f"page-{page}"))
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert outside == []


def test_a_resident_votes_for_civilised_families_once(
    signed_in_as: SignedIn, new_context: NewContext, site: Site
) -> None:
    with site.database.connect() as connection:  # the demo's vote opens half a minute after it was announced
        connection.execute("UPDATE points_familyvote SET opens_at = now() - interval '1 hour'")
    [(home, dwelling, _)] = site.database.rows(RICH, 3)
    panel = signed_in_as("admin", f"/?{PLAIN}&sel=dwelling:{dwelling}", reduced_motion="reduce")
    code = code_from_panel(panel, home)
    panel.close()
    phone = new_context(**PHONE).new_page()
    enter(phone, site, code)
    phone.click(by("page-board"))
    vote = phone.locator("[data-test^=vote-]")
    expect(vote.locator(by("cast"))).to_be_disabled()
    families = vote.locator("[data-test^=family-]")
    for n in range(3):
        families.nth(n).check()
    expect(families.nth(3)).to_be_disabled()  # three at most
    phone.click(by("cast"))
    expect(vote.locator(by("voted"))).to_be_visible()


def test_a_resident_comes_in_by_the_scanned_invitation(
    signed_in_as: SignedIn, new_context: NewContext, site: Site
) -> None:
    [(home, dwelling, balance)] = site.database.rows(RICH, 4)
    panel = signed_in_as("admin", f"/?{PLAIN}&sel=dwelling:{dwelling}", reduced_motion="reduce")
    with panel.expect_response(lambda answer: answer.url.endswith("/api/invitations/")) as told:
        code_from_panel(panel, home)
    expect(panel.locator(by("invitation-picture"))).to_be_visible()
    link = told.value.json()["link"]
    panel.close()
    phone = new_context(**PHONE).new_page()
    phone.goto(f"{site.url}{link}")
    expect(phone.locator(by("enter"))).to_be_visible()
    assert phone.evaluate("location.hash") == ""
    phone.click(by("enter"))
    expect(phone.locator(by("balance"))).to_have_text(str(balance))


def test_a_code_opens_once_and_a_resident_reaches_no_other_household(
    signed_in_as: SignedIn, new_context: NewContext, site: Site
) -> None:
    (home, dwelling, _), (other, elsewhere, _) = (site.database.rows(RICH, n)[0] for n in (1, 2))
    panel = signed_in_as("admin", f"/?{PLAIN}&sel=dwelling:{dwelling}", reduced_motion="reduce")
    code = code_from_panel(panel, home)
    panel.close()
    phone = new_context(**PHONE).new_page()
    enter(phone, site, code)
    for address in (
        f"/api/households/{other}/",
        f"/api/points/households/{other}/",
        f"/api/panoramas/{elsewhere}/",
        f"/layers/{site.community}/manifest.json",
    ):
        assert phone.request.get(f"{site.url}{address}").status == 404
    phone.click(by("leave"))
    phone.locator("#code").press_sequentially(code.replace(" ", ""))
    phone.click(by("enter"))
    expect(phone.get_by_role("alert")).to_contain_text("邀请码无效")
