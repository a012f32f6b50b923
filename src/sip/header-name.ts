/** The header fields of the SIP RFCs we meet, spelled as their RFC spells them. */
const NAMES = [
  ...[
    'Accept',
    'Accept-Contact',
    'Accept-Encoding',
    'Accept-Language',
    'Alert-Info',
    'Allow',
    'Allow-Events',
  ],
  ...['Authentication-Info', 'Authorization', 'Call-ID', 'Call-Info', 'Contact', 'Content-Disposition'],
  ...['Content-Encoding', 'Content-Language', 'Content-Length', 'Content-Type', 'CSeq', 'Date', 'Error-Info'],
  ...['Event', 'Expires', 'Flow-Timer', 'From', 'Identity', 'Identity-Info', 'In-Reply-To', 'Max-Forwards'],
  ...['MIME-Version', 'Min-Expires', 'Organization', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Path'],
  ...['Priority', 'Privacy', 'Proxy-Authenticate', 'Proxy-Authorization', 'Proxy-Require', 'RAck', 'Reason'],
  ...[
    'Record-Route',
    'Refer-To',
    'Referred-By',
    'Reject-Contact',
    'Replaces',
    'Reply-To',
    'Request-Disposition',
  ],
  ...['Require', 'Retry-After', 'Route', 'RSeq', 'Server', 'Service-Route', 'Session-Expires', 'SIP-ETag'],
  ...['SIP-If-Match', 'Subject', 'Subscription-State', 'Suppress-If-Match', 'Supported', 'Timestamp', 'To'],
  ...['Unsupported', 'User-Agent', 'Via', 'Warning', 'WWW-Authenticate'],
];

/** The compact forms of the IANA registry. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const RFC_CASE: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** The usual spellings, so that the names of nearly every message cost one look-up each. */
const CANONICAL: ReadonlyMap<string, string> = new Map([
  ...NAMES.flatMap((name): [string, string][] => [
    [name, name.toLowerCase()],
    [name.toLowerCase(), name.toLowerCase()],
  ]),
  ...Object.entries(COMPACT).flatMap(([compact, name]): [string, string][] => [
    [compact, name],
    [compact.toUpperCase(), name],
  ]),
]);

/** A header name in lower case and long form (RFC 3261 §7.3.1, §7.3.3). */
export function canonicalName(name: string): string {
  return CANONICAL.get(name) ?? name.toLowerCase();
}

const COMPACT_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(COMPACT).map(([compact, name]) => [name, compact]),
);

/** The compact form of a lower case header name (RFC 3261 §7.3.3), or null when it has none. */
export function compactName(name: string): string | null {
  return COMPACT_OF.get(name) ?? null;
}

/** A lower case header name as its RFC spells it; an unknown one gets a capital after each hyphen. */
export function rfcName(name: string): string {
  return RFC_CASE.get(name) ?? name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
