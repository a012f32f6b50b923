import { attribute, escapeXml } from './xml.ts';

/** The body type of the watcher information packages (RFC 3857 §4.5, RFC 3858). */
export const WATCHER_INFO = 'application/watcherinfo+xml';

/** The end of the name of every watcher information package: `dialog.winfo` (RFC 3857 §4.1). */
const TEMPLATE = '.winfo';

/** One watcher of a resource (RFC 3858 §3.1). */
export interface Watcher {
  /** Unique within the document, the same in each one about this subscription. */
  readonly id: string;
  /** The URI of the one who watches. */
  readonly uri: string;
  readonly display?: string;
  /** Seconds until the subscription ends. */
  readonly expiresIn: number;
  /** Seconds since the subscription began. */
  readonly since: number;
}

/** The package that a watcher information package is about; null for any other package. */
export function watchedPackage(name: string): string | null {
  return name.endsWith(TEMPLATE) ? name.slice(0, -TEMPLATE.length) : null;
}

/** The name of the watcher information package of a package. */
export function watcherInfoOf(name: string): string {
  return name + TEMPLATE;
}

/** A watcherinfo document (RFC 3858 §4), always full: who watches `resource` (a URI) now with the event package. */
export function encodeWatcherInfo(
  watchers: readonly Watcher[],
  about: { readonly resource: string; readonly eventPackage: string; readonly version: number },
): string {
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="${about.version}" state="full">`;
  const list = `<watcher-list resource="${escapeXml(about.resource)}" package="${escapeXml(about.eventPackage)}">`;
  return `${head}${list}${watchers.map(watcherElement).join('')}</watcher-list></watcherinfo>\n`;
}

function watcherElement({ id, uri, display, expiresIn, since }: Watcher): string {
  const times = ` expiration="${expiresIn}" duration-subscribed="${since}"`;
  const name = attribute('display-name', display);
  return `<watcher id="${escapeXml(id)}" event="subscribe" status="active"${times}${name}>${escapeXml(uri)}</watcher>`;
}
