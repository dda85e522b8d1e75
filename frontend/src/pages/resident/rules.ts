import type { PointsRule, Words } from '@/api/types'

export type Version = NonNullable<PointsRule['now']>

export interface RuleClass {
  readonly code: string
  readonly name: Words
  readonly rules: readonly PointsRule[]
}

/** What a household may claim, by class: rules that give points, in the order in which they were agreed on. */
export function byClass(rules: readonly PointsRule[]): RuleClass[] {
  const classes = new Map<string, { code: string; name: Words; rules: PointsRule[] }>()
  for (const rule of [...rules].sort((a, b) => a.id - b.id)) {
    if (rule.now === null || rule.now.most <= 0) continue
    const { code, name } = rule.now.rule_class
    const known = classes.get(code) ?? { code, name, rules: [] }
    known.rules.push(rule)
    classes.set(code, known)
  }
  return [...classes.values()]
}

/** "+5", or "+3 – 15" where an auditor decides. */
export function worth({ least, most }: Pick<Version, 'least' | 'most'>): string {
  return least === most ? `+${least}` : `+${least} – ${most}`
}
