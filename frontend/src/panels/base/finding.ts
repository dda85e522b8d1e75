/**
 * Whether something is meant by what was typed: a part of one of its names in any language, or the beginning of how it is
 * read, whole or in initials (`find`: words with spaces between).
 */
export function isMeant(query: string, names: readonly string[], find = ''): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '' || names.some((name) => name.toLowerCase().includes(wanted))) return true
  const spelt = wanted.replaceAll(/[\s']/g, '')
  return find.split(' ').some((word) => word.startsWith(spelt))
}
