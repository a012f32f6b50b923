import type { Board } from '../board.ts';
import type { LampDialog } from '../lamp.ts';
import type { Leg, Party } from '../leg.ts';
import type { Profile } from '../profile.ts';
import { dialogsSeen } from './dialogs-seen.ts';
import { compileDocument, type DocumentTemplate, ENTITY, HOST, USER, VERSION } from './document.ts';
import type { DocumentStyle } from './style.ts';
import { attribute, escapeXml } from './xml.ts';

/** The body type of the dialog event package (RFC 4235 §3.5). */
export const DIALOG_INFO = 'application/dialog-info+xml';

/** Who is shown instead of a party that asked not to be (RFC 3323 §4.1.1.3). */
const ANONYMOUS: Party = { identity: 'sip:anonymous@anonymous.invalid', display: 'Anonymous' };

type DialogInfoStyle = Pick<DocumentStyle, 'order' | 'profile' | 'view'>;

/** How much detail a document has: that of a profile, or less. */
type Detail = Profile & { readonly brief: boolean };

/**
 * The dialog-info document of a board (RFC 4235 §4), always `state="full"`, with as many dialogs as the profile asks
 * for: one, the most telling, unless it says otherwise.
 */
export function encodeDialogInfo(board: Board | null, style: DialogInfoStyle): DocumentTemplate {
  return encode(board, style, { ...style.profile, brief: false });
}

/**
 * The same without what a lamp and its pickup can do without: names for people, further dialogs, and targets, which
 * default to the identities (RFC 4235 §4.1.6.2). For a datagram that must stay small.
 */
export function encodeBriefDialogInfo(board: Board | null, style: DialogInfoStyle): DocumentTemplate {
  return encode(board, style, { ...style.profile, dialogs: 'single', displays: false, brief: true });
}

function encode(board: Board | null, style: DialogInfoStyle, detail: Detail): DocumentTemplate {
  const dialogs = dialogsSeen(board, style).slice(0, detail.dialogs === 'single' ? 1 : undefined);
  const told = detail.idle === 'empty' ? dialogs.filter(({ state }) => state !== 'terminated') : dialogs;
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"`;
  // BroadWorks leaves the scheme out, and phones that are set up for it compare the rest.
  const entity = detail.lists === 'broadworks' ? `${USER}@${HOST}` : ENTITY;
  const root = `${head} version="${VERSION}" state="full" entity="${entity}">`;
  const elements = told.map((dialog) => dialogElement(dialog, detail));
  return compileDocument(DIALOG_INFO, `${root}${elements.join('')}</dialog-info>\n`);
}

/** Children in the order of the schema (RFC 4235 §4.4): state, then local, then remote. */
function dialogElement(dialog: LampDialog, detail: Detail): string {
  const { leg, direction } = dialog;
  const { id, state } = heldAs(dialog, detail);
  const call = attribute('call-id', leg?.callId) + attribute('local-tag', leg?.localTag);
  const head = `<dialog id="${escapeXml(id)}"${call}${attribute('remote-tag', leg?.remoteTag)} direction="${direction}">`;
  return `${head}<state>${state}</state>${local(leg, detail)}${remote(dialog, detail)}</dialog>`;
}

/** A call on hold is told in the state of the profile; early after confirmed wants an id of its own (RFC 4235 §3.7.1). */
function heldAs({ id, state, leg }: LampDialog, { hold }: Detail): Pick<LampDialog, 'id' | 'state'> {
  const differs = leg?.held === true && state === 'confirmed' && hold.state !== 'confirmed';
  return differs ? { id: `${id}-held`, state: hold.state } : { id, state };
}

/** Our side; it defaults to the URI that the phone asked for. */
function local(leg: Leg | null, detail: Detail): string {
  const party = leg?.local?.restricted === true ? undefined : leg?.local;
  const identity = party === undefined ? ENTITY : escapeXml(party.identity);
  // What BroadWorks adds is the extension, as a tel URI.
  const second = detail.lists === 'broadworks' ? `<identity>tel:${USER};ext=${USER}</identity>` : '';
  const identities = `${identityElement(identity, party, detail)}${second}`;
  const held = leg?.held === true;
  if (detail.brief) return `<local>${identities}${held ? target(identity, heldParam(detail)) : ''}</local>`;
  const uri = party?.target === undefined ? identity : escapeXml(party.target);
  return `<local>${identities}${target(uri, held ? heldParam(detail) : '')}</local>`;
}

/** RFC 4235 §5.2: a call on hold does not render media. */
function heldParam({ hold }: Detail): string {
  return `<param pname="${hold.param}" ${hold.attribute}="no"/>`;
}

/** The other side, if anything is known of it. */
function remote({ state, leg }: LampDialog, detail: Detail): string {
  if (leg?.remote === undefined) return '';
  const party = leg.remote.restricted === true ? ANONYMOUS : leg.remote;
  const identity = escapeXml(party.identity);
  const identities = identityElement(identity, party, detail);
  if (state === 'early' && detail.pickup !== null)
    return `<remote>${identities}${target(pickupTarget(detail.pickup), '')}</remote>`;
  if (detail.brief) return `<remote>${identities}</remote>`;
  const uri = party.target === undefined ? identity : escapeXml(party.target);
  return `<remote>${identities}${target(uri, '')}</remote>`;
}

function pickupTarget(template: string): string {
  return escapeXml(template).replaceAll('{user}', USER).replaceAll('{host}', HOST);
}

/** RFC 4235 §4.1.6.2. `uri` is escaped. */
function target(uri: string, params: string): string {
  return `<target uri="${uri}">${params}</target>`;
}

/** RFC 4235 §4.1.6.1. `identity` is escaped. */
function identityElement(identity: string, party: Party | undefined, { displays }: Detail): string {
  const display = displays ? attribute('display', party?.display) : '';
  return `<identity${display}>${identity}</identity>`;
}
