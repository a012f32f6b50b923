import { parseCseq } from '../../src/sip/cseq.ts';
import { headerOf, type SipRequest } from '../../src/sip/message.ts';
import { isWellFormed } from './well-formed.ts';

/** What a phone sees in a NOTIFY. */
export interface LampDocument {
  /** `confirmed`, `early`, `terminated` of dialog-info; the activity of PIDF, `open` when it has none. */
  readonly lamp: string;
  /** Null for PIDF, which has none. */
  readonly version: number | null;
  readonly dialogId: string | null;
  readonly entity: string | null;
  readonly cseq: number;
  readonly subscriptionState: string;
  readonly text: string;
}

/** Reads the NOTIFY of a lamp. Throws when its body is not a well-formed document of its type. */
export function readNotify(notify: SipRequest): LampDocument {
  const text = Buffer.from(notify.body, 'latin1').toString('utf8');
  const type = headerOf(notify, 'content-type') ?? '';
  if (!isWellFormed(text)) throw new Error(`A NOTIFY has a malformed ${type}: ${text}`);
  return {
    lamp: type.includes('dialog-info') ? dialogState(text) : activity(text),
    version: numberOrNull(find(text, / version="(\d+)"/)),
    dialogId: find(text, /<dialog id="([^"]*)"/),
    entity: find(text, / entity="([^"]*)"/),
    cseq: parseCseq(headerOf(notify, 'cseq') ?? '')?.number ?? -1,
    subscriptionState: headerOf(notify, 'subscription-state') ?? '',
    text,
  };
}

function dialogState(text: string): string {
  const states = [...text.matchAll(/<state>(\w+)<\/state>/g)].map((match) => match[1]);
  // RFC 4235 §4.1: full state with one dialog, never none.
  if (states.length !== 1 || !text.includes('state="full"')) throw new Error(`No lamp is shown by ${text}`);
  return states[0] ?? '';
}

function activity(text: string): string {
  return find(text, /<rpid:([a-z-]+)\/>/) ?? find(text, /<basic>(\w+)<\/basic>/) ?? '';
}

function find(text: string, pattern: RegExp): string | null {
  return pattern.exec(text)?.[1] ?? null;
}

function numberOrNull(text: string | null): number | null {
  return text === null ? null : Number(text);
}
