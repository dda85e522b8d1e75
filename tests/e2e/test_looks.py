"""Who looked at whom: everybody reads their own looks, the auditor everybody's; on a phone as well."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import PLAIN, SignedIn
from tests.e2e.site import Site
from tests.e2e.test_tags import HOME

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WHY = "上门核实独居老人的紧急联系电话"


def test_a_look_is_listed_with_its_reason_for_who_looked_and_for_the_auditor(
    signed_in_as: SignedIn, site: Site
) -> None:
    dwelling = site.database.rows(HOME)[0][1]
    worker = signed_in_as("worker", f"/?sel=dwelling:{dwelling}&{PLAIN}", reduced_motion="reduce", **PHONE)
    worker.locator("details.member summary").first.click()
    worker.locator("[data-test=reveal-name]").first.click()
    dialog = worker.locator("[data-test=reveal-dialog]")
    dialog.locator("input").fill(WHY)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)

    worker.click("[data-test=looks-button]")
    own = worker.locator("[data-test=looks] tbody tr", has_text=WHY)
    expect(own).to_contain_text("查看完整信息")
    reason = own.locator(".reason").bounding_box()
    assert reason is not None
    assert reason["width"] > 250, "a reason has a line of its own on a phone"
    worker.close()

    auditor = signed_in_as("auditor", f"/?{PLAIN}", reduced_motion="reduce")
    auditor.click("[data-test=looks-button]")
    [name] = site.database.rows("SELECT name FROM accounts_user WHERE username = 'worker'")[0]
    expect(auditor.locator("[data-test=looks] tbody tr", has_text=WHY)).to_contain_text(name)
