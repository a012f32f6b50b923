/** What the page shows; kept behind the `#` of the address. */
export type Route =
  | { readonly view: 'callflows'; readonly realm: string; readonly id: string | null }
  | { readonly view: 'lamps'; readonly realm: string };

/** The route that a hash names (`#/default/callflows/abc`); null when it names none. */
export function parseRoute(hash: string): Route | null {
  const [realm = '', view = '', id = ''] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  if (realm === '') return null;
  if (view === 'lamps') return { view, realm };
  return { view: 'callflows', realm, id: view === 'callflows' && id !== '' ? id : null };
}

/** The hash of a route. */
export function formatRoute(route: Route): string {
  const realm = encodeURIComponent(route.realm);
  if (route.view === 'lamps') return `#/${realm}/lamps`;
  return route.id === null ? `#/${realm}/callflows` : `#/${realm}/callflows/${encodeURIComponent(route.id)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
