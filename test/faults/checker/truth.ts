import { userOf } from '../../bench/phone-text.ts';

export const STATUSES = ['idle', 'ringing', 'busy'] as const;
export type Status = (typeof STATUSES)[number];

/** What a phone shows for each status (RFC 4235 §4.1.1). */
const SHOWN: Readonly<Record<Status, string>> = { idle: 'terminated', ringing: 'early', busy: 'confirmed' };

/** What is known of one presence ID. */
export class Lamp {
  readonly user: string;
  /** The last that was answered 2xx. */
  sure: Status = 'idle';
  /** Asked for since then, and not answered, or refused: it may have happened all the same. */
  doubt: Status | null = null;
  /** A request is under way. */
  busy = false;
  /** It is changed no more. */
  frozen = false;

  constructor(number: number) {
    this.user = userOf(number);
  }

  /** The next status to ask for: again the one of which nobody knows whether it was set. */
  next(): Status {
    return this.doubt ?? STATUSES[(STATUSES.indexOf(this.sure) + 1) % STATUSES.length] ?? 'idle';
  }

  asked(status: Status): void {
    this.busy = true;
    this.doubt = status;
  }

  /** The request has ended; `isAccepted`: with 2xx. */
  answered(status: Status, isAccepted: boolean): void {
    this.busy = false;
    if (!isAccepted) return;
    this.sure = status;
    this.doubt = null;
  }

  /** True when a phone may show `state` now. */
  allows(state: string): boolean {
    return state === SHOWN[this.sure] || (this.doubt !== null && state === SHOWN[this.doubt]);
  }

  toString(): string {
    return this.doubt === null ? this.sure : `${this.sure} or ${this.doubt}`;
  }
}
