const DIGITS = 12
const GROUP = 4
const LINK = /^#([\w-]{32})$/

/** What was typed of a code: its digits alone, full-width ones as plain ones, no more than a code has. */
export function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, DIGITS)
}

/** As it stands on the slip: in groups of four. */
export function grouped(digits: string): string {
  return digits.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join(' ') ?? ''
}

export function isWhole(digits: string): boolean {
  return digits.length === DIGITS
}

/** What a scanned invitation brings behind `#`, where no server and no log reads it. Null for anything else. */
export function linkIn(hash: string): string | null {
  return LINK.exec(hash)?.[1] ?? null
}
