import type { ByteString, SipResponse } from '../../../src/sip/message.ts';
import type { Hop } from './sip-port.ts';

/** How a request ended: a response from the wire, or one that the server makes itself. */
export type Final =
  | { readonly response: SipResponse; readonly hop: Hop }
  | { readonly local: 408 | 410 | 503 };

export interface ClientTransaction {
  readonly branch: ByteString;
  readonly text: ByteString;
  ended(final: Final): void;
}

/** ms. The real server makes T1 at least a second. */
export interface Timing {
  readonly t1: number;
}

interface Entry {
  readonly transaction: ClientTransaction;
  cancel(): void;
}

/** Non-INVITE client transactions (RFC 3261 §17.1.2) with the T1 of the real server. */
export class ClientTransactions {
  readonly #timing: Timing;
  readonly #send: (text: ByteString, hop: Hop) => boolean;
  readonly #entries = new Map<string, Entry>();

  constructor(timing: Timing, send: (text: ByteString, hop: Hop) => boolean) {
    this.#timing = timing;
    this.#send = send;
  }

  start(transaction: ClientTransaction, hop: Hop): void {
    const { t1 } = this.#timing;
    let wait = t1;
    let timer: NodeJS.Timeout | undefined;
    const giveUp = setTimeout(() => this.#end(transaction.branch, { local: 408 }), 32 * t1);
    const again = () => {
      this.#send(transaction.text, hop);
      wait = Math.min(2 * wait, 4 * t1);
      timer = setTimeout(again, wait);
    };
    this.#entries.set(transaction.branch, {
      transaction,
      cancel: () => {
        clearTimeout(giveUp);
        clearTimeout(timer);
      },
    });
    const sent = this.#send(transaction.text, hop);
    if (!sent) setImmediate(() => this.#end(transaction.branch, { local: 410 }));
    else if (hop.protocol === 'udp') timer = setTimeout(again, wait);
  }

  /** A response from the wire; true if it belongs to one of these. */
  receive(branch: ByteString, response: SipResponse, hop: Hop): boolean {
    if (!this.#entries.has(branch)) return false;
    if (response.status >= 200) this.#end(branch, { response, hop });
    return true;
  }

  clear(): void {
    for (const { cancel } of this.#entries.values()) cancel();
    this.#entries.clear();
  }

  #end(branch: ByteString, final: Final): void {
    const entry = this.#entries.get(branch);
    if (entry === undefined) return;
    entry.cancel();
    this.#entries.delete(branch);
    entry.transaction.ended(final);
  }
}
