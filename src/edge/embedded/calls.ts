import { type CallInput, type CallState, callStep } from '../../sip/call.ts';
import { parseCseq } from '../../sip/cseq.ts';
import type { Dialog } from '../../sip/dialog.ts';
import { headerOf, type SipRequest } from '../../sip/message.ts';
import type { TransactionTimers } from '../../sip/transaction.ts';
import type { Timed } from '../../sip/wheel.ts';
import type { InviteTransaction } from './invite-transactions.ts';
import type { Ticks } from './ticker.ts';
import { Timers } from './timers.ts';
import { tagOf } from './transaction-key.ts';

/** A call that was accepted, from its 2xx to the end of its BYE. */
export class Call implements Timed<Call> {
  due = 0;
  place = -1;
  before: Call | null = null;
  after: Call | null = null;

  readonly invite: InviteTransaction;
  readonly dialog: Dialog;
  /** The 2xx. */
  readonly accepted: Buffer;
  state: CallState = 'answered';
  /** CSeq of the newest request heard from the caller in this dialog. */
  remoteCseq: number;
  intervalMs = 0;
  giveUpAt = 0;

  constructor(invite: InviteTransaction, dialog: Dialog, accepted: Buffer) {
    this.invite = invite;
    this.dialog = dialog;
    this.accepted = accepted;
    this.remoteCseq = dialog.remoteCseq;
  }
}

/** What calls need. */
export interface CallOptions {
  readonly timers: TransactionTimers;
  readonly ticker: Ticks;
  /** Sends the 2xx once more. */
  resend(call: Call): void;
  /** Sends BYE; `ended` follows whatever the answer is, never during this call. */
  bye(call: Call, ended: () => void): void;
}

/** The calls that were accepted: reliable 2xx, ACK and BYE (RFC 3261 §13.3.1.4, §15). */
export class Calls {
  readonly #options: CallOptions;
  readonly #byDialog = new Map<string, Call>();
  readonly #timers: Timers<Call>;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#timers = new Timers(options.ticker, (call) => this.#timer(call));
  }

  /** Takes a call whose 2xx has just been sent, and sees to it until it ends. */
  open(call: Call): void {
    const { t1Ms } = this.#options.timers;
    const now = this.#timers.now;
    this.#byDialog.set(keyOfDialog(call.dialog), call);
    // RFC 3261 §13.3.1.4: on streams too, since a hop further on may be UDP.
    call.intervalMs = t1Ms;
    call.giveUpAt = now + 64 * t1Ms;
    this.#timers.schedule(call, now + t1Ms);
  }

  /** The call in whose dialog a request of the caller is (RFC 3261 §12.2.2), or null. */
  find(message: SipRequest): Call | null {
    const callId = headerOf(message, 'call-id') ?? '';
    const [localTag, remoteTag] = [tagOf(message, 'to'), tagOf(message, 'from')];
    return this.#byDialog.get(keyOfDialog({ callId, localTag, remoteTag })) ?? null;
  }

  /** Takes the ACK to a 2xx: its CSeq has the number of the INVITE (RFC 3261 §13.2.2.4). */
  acknowledge(message: SipRequest): void {
    const call = this.find(message);
    const cseq = parseCseq(headerOf(message, 'cseq') ?? '');
    if (call !== null && cseq?.number === call.dialog.remoteCseq) this.#step(call, 'ack');
  }

  /** The application ends the call of an INVITE; nothing if there is none any more. */
  hangUp({ message, toTag }: InviteTransaction): void {
    const callId = headerOf(message, 'call-id') ?? '';
    const dialog = { callId, localTag: toTag ?? '', remoteTag: tagOf(message, 'from') };
    const call = this.#byDialog.get(keyOfDialog(dialog));
    if (call !== undefined) this.#step(call, 'hangUp');
  }

  /** The caller ends the call. */
  end(call: Call): void {
    this.#step(call, 'bye');
  }

  #timer(call: Call): void {
    this.#step(call, this.#timers.firedAt >= call.giveUpAt ? 'giveUp' : 'repeat');
  }

  #step(call: Call, input: CallInput): void {
    const { next, action } = callStep(call.state, input);
    call.state = next;
    switch (action) {
      case 'none':
        break;
      case 'resend':
        this.#resend(call);
        break;
      case 'quiet':
        this.#timers.cancel(call);
        break;
      case 'bye':
        this.#timers.cancel(call);
        this.#options.bye(call, () => this.#step(call, 'settled'));
        break;
      case 'forget':
        this.#timers.cancel(call);
        this.#byDialog.delete(keyOfDialog(call.dialog));
        break;
    }
  }

  #resend(call: Call): void {
    this.#options.resend(call);
    call.intervalMs = Math.min(2 * call.intervalMs, this.#options.timers.t2Ms);
    this.#timers.schedule(call, Math.min(this.#timers.firedAt + call.intervalMs, call.giveUpAt));
  }
}

function keyOfDialog({
  callId,
  localTag,
  remoteTag,
}: Pick<Dialog, 'callId' | 'localTag' | 'remoteTag'>): string {
  return `${callId} ${localTag} ${remoteTag}`;
}
