import { DEFAULT_PROFILE, type Profile } from '../profile.ts';
import type { PhoneFamily } from './family.ts';

/** The default with what a family needs to be different. */
function profile(name: string, differences: Partial<Profile> = {}): Profile {
  return { ...DEFAULT_PROFILE, ...differences, name };
}

/** Hold as every server in the field writes it, for phones whose lamp for hold is known from those servers only. */
const FIELD_HOLD: Pick<Profile, 'hold'> = {
  hold: { state: 'confirmed', param: '+sip.rendering', attribute: 'pvalue' },
};

/** The known phone families; the first that matches a User-Agent is taken. */
export const PHONE_FAMILIES: readonly PhoneFamily[] = [
  {
    family: 'Yealink',
    userAgent: { contains: ['yealink'] },
    profile: profile('yealink', FIELD_HOLD),
    evidence: [
      { kind: 'trace', text: 'VP59: watched ID only in To, Accept dialog-info (mikopbx/Core #1059)' },
      {
        kind: 'vendor',
        text: 'admin guides: documents for idle and early, with call-id and tags for pickup',
      },
      { kind: 'field', text: 'a document without dialog stops the lamp (OpenSIPS #1193)' },
      { kind: 'inference', text: 'hold as Asterisk and FreeSWITCH write it' },
    ],
  },
  {
    family: 'Polycom SoundPoint, SoundStation',
    userAgent: { contains: ['soundpoint', 'soundstation'] },
    profile: profile('poly-soundpoint', { presence: 'xpidf' }),
    evidence: [
      { kind: 'field', text: 'claims PIDF, understands XPIDF only (Asterisk chan_sip, FreeSWITCH)' },
      { kind: 'field', text: 'ignores early after confirmed in one dialog id (Asterisk #2159)' },
    ],
  },
  {
    family: 'Poly VVX, Edge, CCX, Trio',
    userAgent: { contains: ['polycom', 'polyedge', 'polyccx', 'polytrio', 'poly-', 'poly/'] },
    profile: profile('poly'),
    evidence: [
      { kind: 'trace', text: 'VVX: Expires 600 (Kamailio #2739)' },
      { kind: 'vendor', text: '`voIpProt.SIP.dialog.usePvalue` chooses `pvalue` instead of `pval`' },
      { kind: 'field', text: 'ignores early after confirmed in one dialog id (Asterisk #2159)' },
    ],
  },
  {
    family: 'Cisco SPA, Linksys',
    userAgent: { contains: ['cisco/spa', 'linksys/', 'sipura/'] },
    profile: profile('cisco-spa'),
    evidence: [
      { kind: 'field', text: 'SPA962 crashes on several dialogs (Kamailio presence_dialoginfo)' },
      { kind: 'field', text: 'pickup needs direction recipient (ASTERISK-24601)' },
    ],
  },
  {
    family: 'Cisco MPP (68xx, 78xx, 88xx)',
    userAgent: { contains: ['cisco-cp-', 'cisco/cp-'] },
    profile: profile('cisco-mpp', FIELD_HOLD),
    evidence: [
      { kind: 'vendor', text: 'LED guide: a lamp of its own for held' },
      { kind: 'inference', text: 'hold as Asterisk and FreeSWITCH write it' },
    ],
  },
  {
    family: 'Snom',
    userAgent: { contains: ['snom'] },
    profile: profile('snom', FIELD_HOLD),
    evidence: [
      {
        kind: 'trace',
        text: 'Accept dialog-info, Expires 3600; answers NOTIFY after 1 to 5 s (NethServer #8122)',
      },
      {
        kind: 'field',
        text: 'pickup needs direction recipient and SIP URIs as identities (ASTERISK-24601)',
      },
      { kind: 'field', text: 'cannot do partial state (FreeSWITCH FS-4757)' },
    ],
  },
  {
    family: 'Grandstream',
    userAgent: { contains: ['grandstream'] },
    profile: profile('grandstream', FIELD_HOLD),
    evidence: [
      { kind: 'field', text: 'refuses a dialog without id (Kamailio #96, #99)' },
      { kind: 'inference', text: 'hold as Asterisk and FreeSWITCH write it' },
    ],
  },
  {
    family: 'Fanvil',
    userAgent: { contains: ['fanvil'] },
    profile: profile('fanvil', FIELD_HOLD),
    evidence: [
      { kind: 'vendor', text: 'provisioning: `BLFDialogMatch` compares the dialog' },
      { kind: 'inference', text: 'hold as Asterisk and FreeSWITCH write it' },
    ],
  },
  {
    family: 'Mitel, Aastra 67xx to 69xx',
    userAgent: { contains: ['aastra', 'mitel'] },
    profile: profile('mitel', FIELD_HOLD),
    evidence: [
      { kind: 'field', text: 'expects at least one dialog (Kamailio #55)' },
      { kind: 'vendor', text: 'lamp guide: held has an icon of its own' },
    ],
  },
  {
    family: 'Htek',
    userAgent: { contains: ['htek'] },
    profile: profile('htek'),
    evidence: [
      { kind: 'vendor', text: 'provisioning: Event dialog, Expires 300' },
      { kind: 'inference', text: 'the rest as the default' },
    ],
  },
  {
    family: 'Gigaset pro',
    userAgent: { contains: ['gigaset'] },
    profile: profile('gigaset', FIELD_HOLD),
    evidence: [{ kind: 'inference', text: 'provisioning is derived from Snom, so are the documents' }],
  },
  {
    family: 'Avaya J1xx',
    userAgent: { contains: ['avaya'] },
    profile: profile('avaya'),
    evidence: [
      { kind: 'field', text: 'stays at early when a document lists the last call only (FreeSWITCH #156)' },
      { kind: 'inference', text: 'the rest as the default' },
    ],
  },
  {
    family: 'Auerswald COMfortel',
    userAgent: { contains: ['auerswald', 'comfortel'] },
    profile: profile('auerswald', { phoneRate: 10 }),
    evidence: [
      {
        kind: 'inference',
        text: 'is said to take 10 NOTIFYs a second and to drop them when more than 100 wait',
      },
    ],
  },
  {
    family: 'Zoiper',
    userAgent: { contains: ['zoiper'], startsWith: ['z '] },
    profile: profile('zoiper', { lastNotify: false }),
    evidence: [{ kind: 'field', text: 'loops when NOTIFY follows its unsubscribing (FreeSWITCH)' }],
  },
  {
    family: 'Bria, X-Lite, eyeBeam',
    userAgent: { startsWith: ['bria', 'x-lite', 'eyebeam', 'counterpath'] },
    profile: profile('bria'),
    evidence: [{ kind: 'field', text: 'expects at least one dialog (Kamailio #55)' }],
  },
  {
    family: 'Linphone',
    userAgent: { contains: ['linphone'] },
    profile: profile('linphone'),
    evidence: [
      {
        kind: 'field',
        text: 'presence with PIDF; tags of NOTIFY must be those of the 200 (linphone-android #1300)',
      },
    ],
  },
  {
    family: 'MicroSIP, PJSIP',
    userAgent: { contains: ['microsip', 'pjsua', 'pjsip'] },
    profile: profile('pjsip'),
    evidence: [{ kind: 'vendor', text: 'pjproject keeps one dialog of a document (pjproject_docs #40)' }],
  },
  {
    family: 'sip.js, Browser-Phone',
    userAgent: { contains: ['sip.js', 'sipjs', 'browser phone'] },
    profile: profile('sip.js'),
    evidence: [
      { kind: 'field', text: 'compares the entity (Browser-Phone #370)' },
      {
        kind: 'trace',
        text: 'refuses NOTIFY before the 200 and a lower CSeq (SIP.js #366, WebphoneLib #72)',
      },
    ],
  },
  {
    family: 'tSIP',
    userAgent: { startsWith: ['tsip'] },
    profile: profile('tsip', { dialogs: 'all' }),
    evidence: [{ kind: 'vendor', text: 'shows several dialogs of one lamp' }],
  },
  {
    family: 'Phones set up for BroadWorks lists',
    userAgent: {},
    profile: profile('broadworks', { lists: 'broadworks' }),
    evidence: [{ kind: 'trace', text: 'NOTIFY of BroadWorks in the Technicolor TB30 guide' }],
  },
];
