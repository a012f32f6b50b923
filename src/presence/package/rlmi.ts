/** The body type of the root of a list's NOTIFY (RFC 4662 §5). */
export const RLMI = 'application/rlmi+xml';

/** What the root says of the whole list. Every text is escaped already. */
export interface RlmiList {
  /** The URI that the phone asked for. */
  readonly uri: string;
  /** Of this NOTIFY in its subscription: 0 at first, one more each time (RFC 4662 §5.2). */
  readonly version: number;
  /** True when the phone shall forget what it knew of the list. */
  readonly fullState: boolean;
  /** For people; empty: none. */
  readonly name: string;
}

/** The RLMI document from its start to the first resource. */
export function rlmiOpening({ uri, version, fullState, name }: RlmiList): string {
  const root = `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${uri}" version="${version}" fullState="${fullState}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}${nameElement(name)}`;
}

/** The end of the document, after the last resource. */
export const RLMI_END = '</list>\n';

/** One resource up to its instances (RFC 4662 §5.3); `uri` and `name` are escaped. */
export function resourceOpening(uri: string, name: string): string {
  return `<resource uri="${uri}">${nameElement(name)}`;
}

/** The end of a resource. */
export const RESOURCE_END = '</resource>';

/** The only instance of a resource: its document is the part with this Content-ID (RFC 4662 §5.5). */
export function instanceElement(contentId: string): string {
  return `<instance id="1" state="active" cid="${contentId}"/>`;
}

function nameElement(name: string): string {
  return name === '' ? '' : `<name>${name}</name>`;
}
