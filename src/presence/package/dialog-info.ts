import type { Board } from '../board.ts';
import { dialogsOf, type LampDialog } from '../lamp.ts';
import type { Leg, Party } from '../leg.ts';
import { compileDocument, type DocumentTemplate, ENTITY, VERSION } from './document.ts';
import type { DocumentStyle } from './style.ts';
import { attribute, escapeXml } from './xml.ts';

/** The body type of the dialog event package (RFC 4235 §3.5). */
export const DIALOG_INFO = 'application/dialog-info+xml';

/**
 * The dialog-info document of a board (RFC 4235 §4), always `state="full"` and with exactly one dialog, the most
 * telling one: some phones crash on more, and none needs more for one lamp.
 */
export function encodeDialogInfo(board: Board | null, style: Pick<DocumentStyle, 'order'>): DocumentTemplate {
  return encode(board, style, participants);
}

/**
 * The same without what a lamp and its pickup can do without: names for people, and targets, which default to the
 * identities (RFC 4235 §4.1.6.2). For a datagram that must stay small.
 */
export function encodeBriefDialogInfo(
  board: Board | null,
  style: Pick<DocumentStyle, 'order'>,
): DocumentTemplate {
  return encode(board, style, briefParticipants);
}

function encode(
  board: Board | null,
  { order }: Pick<DocumentStyle, 'order'>,
  sides: (leg: Leg | null) => string,
): DocumentTemplate {
  const [dialog] = dialogsOf(board, order);
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"`;
  const root = `${head} version="${VERSION}" state="full" entity="${ENTITY}">`;
  return compileDocument(
    DIALOG_INFO,
    `${root}${dialog === undefined ? '' : dialogElement(dialog, sides(dialog.leg))}</dialog-info>\n`,
  );
}

/** Children in the order of the schema (RFC 4235 §4.4): state, then local, then remote. */
function dialogElement({ id, state, direction, leg }: LampDialog, sides: string): string {
  const call = attribute('call-id', leg?.callId) + attribute('local-tag', leg?.localTag);
  const head = `<dialog id="${escapeXml(id)}"${call}${attribute('remote-tag', leg?.remoteTag)} direction="${direction}">`;
  return `${head}<state>${state}</state>${sides}</dialog>`;
}

function participants(leg: Leg | null): string {
  const local = participant('local', leg?.local ?? null, leg?.held === true);
  return local + (leg?.remote === undefined ? '' : participant('remote', leg.remote, false));
}

function briefParticipants(leg: Leg | null): string {
  const local = briefParticipant('local', leg?.local ?? null);
  // What says that a call is on hold stands in the target.
  const held = leg?.held === true ? participant('local', withoutDetail(leg.local), true) : local;
  return held + (leg?.remote === undefined ? '' : briefParticipant('remote', leg.remote));
}

function withoutDetail(party: Party | undefined): Party | null {
  return party === undefined ? null : { identity: party.identity };
}

function briefParticipant(name: 'local' | 'remote', party: Party | null): string {
  const identity = party === null ? ENTITY : escapeXml(party.identity);
  return `<${name}><identity>${identity}</identity></${name}>`;
}

/** Identity and target of one side (RFC 4235 §4.1.6); our side defaults to the URI that the phone asked for. */
function participant(name: 'local' | 'remote', party: Party | null, held: boolean): string {
  const identity = party === null ? ENTITY : escapeXml(party.identity);
  const target = party?.target === undefined ? identity : escapeXml(party.target);
  // RFC 4235 §5.2: a call on hold does not render media.
  const param = held ? '<param pname="sip.rendering" pval="no"/>' : '';
  const display = attribute('display', party?.display);
  return `<${name}><identity${display}>${identity}</identity><target uri="${target}">${param}</target></${name}>`;
}
