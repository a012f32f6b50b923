/** One RFC, and what Lamplighter has of it. */
export interface RfcRow {
  readonly rfc: number;
  readonly title: string;
  readonly implemented: string;
  /** Files that name the RFC and test it; none: it is not implemented. */
  readonly tests: readonly string[];
}

/** A clause that has no test in test/rfc, and why. */
export interface ElsewhereRow {
  readonly clause: string;
  readonly where: string;
}

const CLAUSES = 'test/rfc/rfc6665.test.ts';

/** The RFCs that concern a notifier for lamps. */
export const RFCS: readonly RfcRow[] = [
  {
    rfc: 3261,
    title: 'SIP',
    implemented:
      'UAS for SUBSCRIBE, OPTIONS, CANCEL and calls into callflows; UAC for NOTIFY and BYE; UDP, TCP, TLS, WS, WSS',
    tests: ['test/rfc/rfc3261.test.ts', 'test/contract/edge.ts'],
  },
  { rfc: 3581, title: 'rport', implemented: 'whole', tests: ['test/rfc/transport.test.ts'] },
  {
    rfc: 3842,
    title: 'message-summary',
    implemented:
      'voice messages with urgent ones and account; counts are set by the API; a mailbox is shown to its own user',
    tests: [
      'test/unit/notifier/message-summary.test.ts',
      'test/unit/presence/package/message-summary.test.ts',
      'test/unit/notifier/identity.test.ts',
    ],
  },
  {
    rfc: 3856,
    title: 'presence event package',
    implemented: 'PIDF, full state; watchers have a password, or are in a trusted network',
    tests: ['test/rfc/rfc3856.test.ts'],
  },
  {
    rfc: 3857,
    title: 'watcher information event package',
    implemented:
      'presence.winfo and dialog.winfo, none about themselves; a watcher of a list is one of the list, not of its members',
    tests: ['test/unit/notifier/watcher-info.test.ts', 'test/unit/notifier/identity.test.ts'],
  },
  {
    rfc: 3858,
    title: 'watcher information documents',
    implemented: 'always full; active watchers only',
    tests: ['test/unit/presence/package/watcher-info.test.ts'],
  },
  {
    rfc: 3863,
    title: 'PIDF',
    implemented: 'one tuple with contact and note, no timestamp',
    tests: ['test/rfc/rfc3856.test.ts', 'test/unit/presence/package/pidf.test.ts'],
  },
  {
    rfc: 3903,
    title: 'PUBLISH',
    implemented:
      'compositor for dialog and presence: create, refresh, modify, remove; a store that is away is 503, not 504',
    tests: [
      'test/unit/notifier/compose.test.ts',
      'test/unit/presence/compositor.test.ts',
      'test/unit/sip/publish.test.ts',
    ],
  },
  {
    rfc: 4235,
    title: 'dialog event package',
    implemented:
      'dialog-info, always full state, with as many dialogs as the phone can use; filters are ignored',
    tests: ['test/rfc/rfc4235.test.ts', 'test/unit/presence/package/dialog-info.test.ts'],
  },
  {
    rfc: 4475,
    title: 'torture messages',
    implemented: 'all 49, over UDP and TCP; where it leaves a choice, ours is in test/rfc/torture-table.ts',
    tests: ['test/rfc/rfc4475.test.ts'],
  },
  {
    rfc: 4480,
    title: 'RPID',
    implemented: 'the activities on-the-phone and busy',
    tests: ['test/rfc/rfc3856.test.ts'],
  },
  {
    rfc: 4662,
    title: 'resource lists',
    implemented:
      'lists of IDs of this server for dialog and presence, one instance each; no lists in lists, no back-end subscriptions, no signatures',
    tests: [
      'test/unit/notifier/lists.test.ts',
      'test/unit/presence/package/rlmi.test.ts',
      'test/unit/notifier/identity.test.ts',
    ],
  },
  {
    rfc: 5626,
    title: 'flows of clients',
    implemented: 'CRLF keep-alive, STUN, NOTIFYs on the flow of the phone; no registrar',
    tests: ['test/rfc/transport.test.ts', 'test/integration/edge/embedded/stun.test.ts'],
  },
  {
    rfc: 5839,
    title: 'conditional notification',
    implemented: 'SIP-ETag and Suppress-If-Match; lists have no entity-tags: they are always told whole',
    tests: ['test/unit/notifier/conditional.test.ts'],
  },
  {
    rfc: 6446,
    title: 'rates of notifications',
    implemented: 'max-rate, min-rate, adaptive-min-rate',
    tests: ['test/unit/notifier/rate.test.ts', 'test/unit/presence/rates.test.ts'],
  },
  {
    rfc: 6665,
    title: 'events',
    implemented: 'the notifier; one subscription for each dialog',
    tests: [CLAUSES, 'test/unit/notifier/subscribe.test.ts'],
  },
  {
    rfc: 7616,
    title: 'Digest',
    implemented:
      'SHA-256 and MD5 with qop auth, username*, stale nonces, each count once; no auth-int, -sess, userhash, SHA-512/256, Authentication-Info',
    tests: [
      'test/unit/sip/digest/digest.test.ts',
      'test/unit/sip/digest/nonce.test.ts',
      'test/unit/notifier/authentication.test.ts',
    ],
  },
  {
    rfc: 8760,
    title: 'Digest with SHA-256 in SIP',
    implemented: 'as UAS: both challenges, the stronger first; over WebSocket MD5 alone',
    tests: ['test/unit/notifier/authentication.test.ts', 'test/unit/sip/digest/digest.test.ts'],
  },
];

/** Clauses of RFC 6665 and RFC 3261 that test/rfc leaves out. */
export const ELSEWHERE: readonly ElsewhereRow[] = [
  { clause: 'RFC 6665 §4.3', where: 'not ours: it is about proxies' },
  { clause: 'RFC 3261 §16', where: 'not ours: nothing is forwarded; of §16.3 only Max-Forwards is kept' },
  { clause: 'RFC 6665 §4.2.2, Timer F', where: 'takes minutes of waiting: `test/e2e/faults.test.ts`' },
  { clause: 'RFC 6665 §4.4.2, migration', where: 'phones notice none: `test/e2e/crash.test.ts`' },
  { clause: 'RFC 6665 §4.5.1, GRUU', where: 'not ours: the Contact is an address that can be reached' },
  {
    clause: 'RFC 6665 §4.2.1.3, §6.3 challenges',
    where: '`test/unit/notifier/authentication.test.ts`, `test/e2e/digest.test.ts`',
  },
  {
    clause: 'RFC 3261 §18.1.1, requests over 1300 bytes',
    where: '`test/unit/edge/embedded/next-hop.test.ts`',
  },
];

/** The tables of the README in Markdown, without their markers. */
export function rfcTables(): string {
  const rows = RFCS.map(({ rfc, title, implemented, tests }) => {
    const files = tests.map((file) => `\`${file}\``).join(', ');
    return `| [${rfc}](https://www.rfc-editor.org/rfc/rfc${rfc}) ${title} | ${implemented} | ${files} |`;
  });
  const elsewhere = ELSEWHERE.map(({ clause, where }) => `| ${clause} | ${where} |`);
  return [
    '| RFC | implemented | tests |',
    '|---|---|---|',
    ...rows,
    '',
    '| not in `test/rfc` | where |',
    '|---|---|',
    ...elsewhere,
  ].join('\n');
}
