/** A name that wants a place on the screen: the middle of its foot in CSS pixels, and its size. */
export interface Wanted {
  readonly id: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const GAP_PX = 3

/** Keep names that meet no earlier one; those that come first are the more important. */
export function withoutOverlap<Name extends Wanted>(names: readonly Name[]): Name[] {
  const kept: Name[] = []
  for (const name of names) if (!kept.some((other) => overlap(name, other))) kept.push(name)
  return kept
}

function overlap(a: Wanted, b: Wanted): boolean {
  return (
    Math.abs(a.x - b.x) * 2 < a.width + b.width + GAP_PX * 2 &&
    a.y - a.height - GAP_PX < b.y && b.y - b.height - GAP_PX < a.y
  )
}
