"""A city of footprints as GeoJSON, for the bench of the import: `python -m bench.harness.footprints 100000 city.geojson`.

Rectangles of unequal size and direction in blocks, each with an id, a height or floors, and an address in Chinese. Every
thousandth row is broken, as in real files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

WEST, SOUTH = 113.80, 22.45
STEP_DEGREES = 0.0006


def write_footprints(count: int, path: Path, seed: int = 1) -> None:
    random = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(count)))
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for n in range(count):
            if n:
                file.write(",\n")
            file.write(json.dumps(_feature(n, columns, random), ensure_ascii=False))
        file.write("\n]}\n")


def _feature(n: int, columns: int, random: np.random.Generator) -> dict[str, object]:
    lon, lat = WEST + n % columns * STEP_DEGREES, SOUTH + n // columns * STEP_DEGREES
    width, depth = random.uniform(0.0001, 0.00028, 2)
    turn = random.uniform(-0.4, 0.4)
    corners = (
        np.array([[-width, -depth], [width, -depth], [width, 0], [0, 0], [0, depth], [-width, depth]]) * 0.9
    )
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + [lon, lat]
    ring = [[round(x, 7), round(y, 7)] for x, y in [*turned, turned[0]]]
    ring = ring[:2] if n % 1000 == 999 else ring
    properties = {
        "编号": f"B{n:07d}",
        "楼栋名称": f"{n % 97 + 1}号楼",
        "层数": int(random.integers(1, 34)) if n % 3 else None,
        "高度": f"{random.uniform(6, 99):.1f} m" if n % 2 else None,
        "地址": f"示范路{n // 97 + 1}号",
        "用途": ("住宅", "商业", "办公", "学校")[n % 4],
    }
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


if __name__ == "__main__":
    write_footprints(int(sys.argv[1]), Path(sys.argv[2]))
