"""The demo's staff. Names are visibly made up: a family name and what the person does; faces are drawn, not photographed."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import ContentFile

from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.verbs import verb
from twin.demo.faces import draw_face
from twin.places.models import Community, Grid

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
COUNT = "一二三四五六七八九十"
WORKERS_OF_A_GRID = 1


@verb
def hire_staff(*, community: Community) -> list[User]:
    """One of each role with a log-in, and a head and a worker for every grid. Returns the workers."""
    for username, kind, name in (
        ("duty", RoleKind.DUTY_OFFICER, "值班员甲"),
        ("admin", RoleKind.COMMUNITY_ADMIN, "管理员乙"),
        ("wall", RoleKind.WALL, "大屏"),
        ("planner", RoleKind.PLANNER, "规划员丙"),
        ("auditor", RoleKind.AUDITOR, "审计员丁"),
    ):
        grant_role(user=_user(username, name, len(name)), kind=kind, community=community)
    grids = (
        Grid.objects.filter(community=community).leaves().exclude(kind=Grid.Kind.UNASSIGNED).order_by("code")
    )
    workers = []
    for n, grid in enumerate(grids):
        demo = grid.code == "001"  # the grid whose head and worker have the short log-ins
        head = _user("head" if demo else f"head{grid.code}", f"{FAMILY[n % 32]}{_numeral(n + 1)}长", n)
        worker = _user(
            "worker" if demo else f"worker{grid.code}", f"{FAMILY[-n - 1]}{_numeral(n + 1)}巡", n + 50
        )
        grant_role(user=head, kind=RoleKind.GRID_HEAD, community=community, grid=grid)
        grant_role(user=worker, kind=RoleKind.GRID_WORKER, community=community, grid=grid)
        workers.append(worker)
    return workers


def _user(username: str, name: str, seed: int) -> User:
    user = User(username=username, name=name, is_staff=username == "admin")
    user.set_password(settings.DEMO_PASSWORD)
    user.photo.save(f"demo-{username}.png", ContentFile(draw_face(seed)), save=False)
    user.save()
    return user


def _numeral(n: int) -> str:
    """1 to 99 in Chinese: 一, 十一, 二十."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else COUNT[9] if tens == 1 else COUNT[tens - 1] + COUNT[9]) + (
        COUNT[ones - 1] if ones else ""
    )
