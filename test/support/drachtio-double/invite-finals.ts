import { parseCseq } from '../../../src/sip/cseq.ts';
import { type ByteString, headerOf, type SipRequest } from '../../../src/sip/message.ts';
import type { Timing } from './client-transactions.ts';
import { dialogIdOf } from './dialogs.ts';
import type { Hop } from './sip-port.ts';

/** A final response to an INVITE. */
export interface InviteFinal {
  readonly request: SipRequest;
  readonly text: ByteString;
  readonly hop: Hop;
  /** The transaction of the INVITE, as applications know it. */
  readonly transactionId: string;
  readonly accepts: boolean;
  /** No ACK has come in time. */
  gaveUp(): void;
}

interface Entry {
  readonly final: InviteFinal;
  cancel(): void;
}

/**
 * Sends finals of INVITEs again until their ACK comes, as the real one does: over UDP alone, also a 2xx, which
 * RFC 3261 §13.3.1.4 wants repeated on streams too. It gives up after 64 times half its T1.
 */
export class InviteFinals {
  readonly #timing: Timing;
  readonly #send: (text: ByteString, hop: Hop) => boolean;
  readonly #entries = new Map<string, Entry>();

  constructor(timing: Timing, send: (text: ByteString, hop: Hop) => boolean) {
    this.#timing = timing;
    this.#send = send;
  }

  /** The final has just been sent. */
  start(final: InviteFinal): void {
    const { t1 } = this.#timing;
    const key = keyOf(final.request);
    let wait = t1 / 2;
    let timer: NodeJS.Timeout | undefined;
    const again = () => {
      this.#send(final.text, final.hop);
      wait = Math.min(2 * wait, 4 * t1);
      timer = setTimeout(again, wait);
    };
    if (final.hop.protocol === 'udp') timer = setTimeout(again, wait);
    const giveUp = setTimeout(() => {
      this.#take(key);
      final.gaveUp();
    }, 32 * t1);
    this.#entries.set(key, {
      final,
      cancel: () => {
        clearTimeout(giveUp);
        clearTimeout(timer);
      },
    });
  }

  /** The final that an ACK acknowledges for the first time, or null. */
  acknowledge(ack: SipRequest): InviteFinal | null {
    return this.#take(keyOf(ack));
  }

  clear(): void {
    for (const { cancel } of this.#entries.values()) cancel();
    this.#entries.clear();
  }

  #take(key: string): InviteFinal | null {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.cancel();
    return entry?.final ?? null;
  }
}

function keyOf(request: SipRequest): string {
  return `${dialogIdOf(request)} ${parseCseq(headerOf(request, 'cseq') ?? '')?.number}`;
}
