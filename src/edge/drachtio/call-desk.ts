import type { Clock } from '../../ports/clock.ts';
import { type CallInput, type CallState, callStep } from '../../sip/call.ts';
import { dialogKey } from './dialog-usages.ts';
import { plainRequest } from './lean-request.ts';
import { byeText } from './request-text.ts';
import type { ServerLink } from './server-link.ts';

/**
 * ms after which an ACK, or the answer to a BYE, does not come any more: a little more than 64*T1, after which
 * drachtio-server itself gives up. Only a lost connection, or a lost callback, makes it count.
 */
const OVERDUE_MS = 36_000;

/** A dialog of drachtio-server that an INVITE has formed. */
export interface CallName {
  readonly link: ServerLink;
  readonly dialogId: string;
}

interface Call extends CallName {
  state: CallState;
  /** When what is waited for is overdue. */
  dueAt: number;
}

/** The calls that were accepted: drachtio-server retransmits the 2xx, this sends BYE when the time has come (§15). */
export class CallDesk {
  readonly #clock: Clock;
  readonly #calls = new Map<string, Call>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A 2xx is about to be sent. */
  open(name: CallName): void {
    this.#calls.set(keyOf(name), { ...name, state: 'answered', dueAt: this.#overdue() });
  }

  /** True if there is such a call. */
  knows(name: CallName): boolean {
    return this.#calls.has(keyOf(name));
  }

  /** The ACK to the 2xx has come. */
  acknowledge(name: CallName): void {
    this.#step(name, 'ack');
  }

  /** The application ends the call. */
  hangUp(name: CallName): void {
    this.#step(name, 'hangUp');
  }

  /** The caller ends the call, or drachtio-server has: its 2xx was not sent, or not acknowledged. */
  end(name: CallName): void {
    this.#step(name, 'bye');
  }

  /** The server is back: what it was to end may not have reached it. */
  restored(link: ServerLink): void {
    for (const call of this.#calls.values()) {
      if (call.link === link && call.state === 'ending') this.#sendBye(call);
    }
  }

  /** Gives up what is overdue. Calls wait for their application as long as it likes. */
  tick(): void {
    const now = this.#clock.now();
    for (const call of this.#calls.values()) {
      if (call.dueAt > now || call.state === 'established') continue;
      this.#step(call, call.state === 'ending' ? 'settled' : 'giveUp');
    }
  }

  #step(name: CallName, input: CallInput): void {
    const call = this.#calls.get(keyOf(name));
    if (call === undefined) return;
    const { next, action } = callStep(call.state, input);
    call.state = next;
    if (action === 'forget') {
      this.#calls.delete(keyOf(call));
    } else if (action === 'bye') {
      call.dueAt = this.#overdue();
      this.#sendBye(call);
    }
  }

  /** However it ends: a dialog that is not there means that the caller was faster, or that the server has restarted. */
  #sendBye(call: Call): void {
    const request = plainRequest(byeText(call.dialogId), () => this.#step(call, 'settled'));
    call.link.send(request);
  }

  #overdue(): number {
    return this.#clock.now() + OVERDUE_MS;
  }
}

function keyOf({ link, dialogId }: CallName): string {
  return dialogKey({ server: link.name, dialogId });
}
