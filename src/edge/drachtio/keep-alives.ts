import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Flow, NotifySlot } from '../../ports/edge.ts';
import type { ConnectionCache } from './connection-cache.ts';
import type { DrachtioCount } from './edge-count.ts';
import { type PlainEnd, plainRequest } from './lean-request.ts';
import { PIPELINED_OCTETS } from './message-size.ts';
import { optionsText } from './request-text.ts';
import type { ServerLink } from './server-link.ts';

/** What keep-alives need. */
export interface KeepAliveOptions {
  readonly clock: Clock;
  readonly cache: ConnectionCache;
  linkOf(server: string | null): ServerLink | null;
  /** The phone on this flow has answered. */
  alive(flow: Flow): void;
  count(name: DrachtioCount): void;
}

/** Keeps the NATs before phones on UDP open, by OPTIONS: drachtio-server sends nothing that is no SIP message. */
export class KeepAlives {
  readonly #options: KeepAliveOptions;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /** Sends one on the flow of the slot, unless it would go astray or hold up NOTIFYs. */
  send({ record }: NotifySlot): void {
    const { clock, cache, linkOf } = this.#options;
    const link = linkOf(record.stack?.server ?? null);
    if (link === null || !link.ready || record.flow.transport !== 'udp') return;
    const key = { server: link.name, target: record.dialog.remoteTarget };
    const text = optionsText(record, randomBytes(4).toString('hex'));
    const request = plainRequest(text, (end) => this.#settle(record.flow, end));
    if (request.octets > PIPELINED_OCTETS || cache.misleads(key, record.flow, clock.now())) return;
    this.#options.count('keepalive_sent');
    link.send(request);
  }

  #settle(flow: Flow, end: PlainEnd | null): void {
    if (end === null) this.#options.count('refused');
    else if (end.local) this.#options.count('keepalive_unanswered');
    else this.#options.alive(flow);
  }
}
