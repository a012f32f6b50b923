import { sourceOf } from './address.ts';
import type { EdgeCount } from './inbound.ts';
import type { EdgeLimits } from './limits.ts';
import { OncePerSource } from './once-per-source.ts';
import { type RateVerdict, SourceRates } from './source-rates.ts';

/** What a door needs. */
export interface DoorOptions {
  readonly limits: EdgeLimits;
  /** Whether SIP from this numeric address is taken; asked of every packet. */
  trusts(address: string): boolean;
  count(name: EdgeCount): void;
  log(level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>): void;
}

/** What is said, once of each source, when something of it is dropped or ended. */
const SAID: Partial<Readonly<Record<EdgeCount, string>>> = {
  untrusted: 'SIP from outside the trusted networks is dropped',
  malformed: 'What is no SIP message is dropped',
  rate_limited: 'More requests than one source may send are dropped',
  stream_refused: 'More connections than there may be are closed',
  stream_slow: 'A connection on which a message was never whole is closed',
  stream_idle: 'A connection on which nothing was heard for long is closed',
};

/** Who is let in, and how much of it. Every refusal is counted, and said once of each source. */
export class Door {
  readonly #options: DoorOptions;
  readonly #rates: SourceRates;
  readonly #told = new OncePerSource();

  constructor(options: DoorOptions) {
    this.#options = options;
    const { requestsPerSecond: perSecond, requestBurst: burst } = options.limits;
    this.#rates = new SourceRates({ perSecond, burst });
  }

  /** Whether SIP from this address is taken. */
  admits(address: string): boolean {
    const admitted = this.#options.trusts(address);
    if (!admitted) this.refused('untrusted', address);
    return admitted;
  }

  /** What is done with one more request, or stream, of this address. */
  rateOf(address: string): RateVerdict {
    if (this.#options.limits.exempts(address)) return 'serve';
    const verdict = this.#rates.take(sourceOf(address), performance.now());
    if (verdict !== 'serve') this.refused('rate_limited', address);
    return verdict;
  }

  /** Counts what was dropped or ended. */
  refused(name: EdgeCount, address: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.#options.count(name);
    const said = SAID[name];
    if (said === undefined || !this.#told.isNew(`${name} ${sourceOf(address)}`)) return;
    this.#options.log('warn', said, { address, ...more });
  }
}
