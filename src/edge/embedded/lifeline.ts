import type { EdgeLimits } from './limits.ts';

/** What is to be done with a stream now. */
export type LifelineVerdict = 'fine' | 'ping' | 'idle' | 'slow';

/** Silences of `pingMs` after which a WebSocket that answers no ping is dead. */
const PING_LIVES = 3;

/** How a stream is doing: when its peer was last heard, and whether something has begun that is not whole. */
export class Lifeline {
  heardAt: number;
  /** When the handshake or message began that is not whole yet; null between messages. */
  waitingSince: number | null;
  /** Asks the peer whether it is there; null on streams that know no such thing. */
  ping: (() => void) | null = null;
  pingedAt: number;
  /** Closes the stream at once. */
  readonly destroy: () => void;

  /** A stream of which something is awaited: its handshake, its first message. */
  constructor(now: number, destroy: () => void) {
    this.heardAt = now;
    this.waitingSince = now;
    this.pingedAt = now;
    this.destroy = destroy;
  }

  /** Octets came. `whole`: they completed a message; `partial`: another one has begun. */
  heard(now: number, { whole, partial }: { readonly whole: boolean; readonly partial: boolean }): void {
    this.heardAt = now;
    if (whole) this.waitingSince = partial ? now : null;
    else if (partial) this.waitingSince ??= now;
  }

  /** What is to be done at `now`. A ping that is due is taken to be sent. */
  judge(now: number, limits: EdgeLimits): LifelineVerdict {
    if (this.waitingSince !== null && now - this.waitingSince > limits.messageMs) return 'slow';
    const silence = now - this.heardAt;
    const longest = this.ping === null ? limits.idleMs : PING_LIVES * limits.pingMs;
    if (silence > longest) return 'idle';
    if (this.ping === null || silence < limits.pingMs || now - this.pingedAt < limits.pingMs) return 'fine';
    this.pingedAt = now;
    return 'ping';
  }
}
