const PARAMETER = 'next'

/** Leave for the log-in page, to come back here afterwards. */
export function goToLogin(): void {
  const here = location.pathname + location.search
  location.replace(here === '/' ? '/login/' : `/login/?${PARAMETER}=${encodeURIComponent(here)}`)
}

/** Where to go after logging in: a path of this site, never another one. */
export function pathAfterLogin(query: string): string {
  const wanted = new URLSearchParams(query).get(PARAMETER) ?? '/'
  const ours = new URL(wanted, location.origin)
  return ours.origin === location.origin && wanted.startsWith('/') ? ours.pathname + ours.search : '/'
}
