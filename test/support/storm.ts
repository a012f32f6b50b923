import { answerText, between } from '../bench/phone-text.ts';
import { openWire, type Place, type Wire } from './phone-wire.ts';

/** One phone of a storm: it asks for one subscription until it has it. */
interface Member {
  cseq: number;
  /** The final response to its newest SUBSCRIBE; null while that is waited for. */
  status: number | null;
  /** How long it waits for an answer before it asks again, in ms. */
  patience: number;
  /** When it comes (back), or asks again for what was not answered; ms of `performance.now`. */
  dueAt: number;
}

/** T1 and T2 of RFC 3261 (§17.1.2.2): a datagram may be lost among so many. */
const T1_MS = 500;
const T2_MS = 4_000;
/** What stands for one second of Retry-After, in ms. */
const SECOND_MS = 100;
const STEP_MS = 20;

/** Phones that subscribe all at once, on one wire, and come back when they are told to. */
export class Storm {
  /** The Retry-After of each refusal, in seconds. */
  readonly retryAfters: number[] = [];
  /** Statuses other than 200 and 503. */
  readonly others: string[] = [];
  readonly #members: readonly Member[];
  readonly #wire: Wire;
  readonly #timer: NodeJS.Timeout;

  private constructor(wire: Wire, size: number) {
    this.#wire = wire;
    this.#members = Array.from({ length: size }, () => ({
      cseq: 1,
      status: null,
      patience: T1_MS,
      dueAt: 0,
    }));
    this.#timer = setInterval(() => this.#step(), STEP_MS);
    this.#step();
  }

  /** Begins one of `size` phones. */
  static async open(transport: 'udp' | 'tcp', server: Place, size: number): Promise<Storm> {
    let storm: Storm | null = null;
    const wire = await openWire({ transport, server, heard: (text) => storm?.hear(text), closed: () => {} });
    storm = new Storm(wire, size);
    return storm;
  }

  /** How many have what they asked for. */
  get subscribed(): number {
    return this.#members.filter(({ status }) => status === 200).length;
  }

  hear(text: string): void {
    if (!text.startsWith('SIP/2.0 ')) {
      this.#wire.send(answerText(text));
      return;
    }
    const status = Number(text.slice(8, 11));
    const member = this.#members[Number(between(text, 'Call-ID: storm-', '\r'))];
    // A copy of an answer of before.
    if (member === undefined || Number(between(text, 'CSeq: ', ' ')) !== member.cseq) return;
    if (member.status !== null) return;
    member.status = status;
    if (status === 503) this.#comeBack(member, Number(between(text, 'Retry-After: ', '\r')));
    else if (status !== 200) this.others.push(text.slice(0, text.indexOf('\r')));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#wire.close();
  }

  #comeBack(member: Member, seconds: number): void {
    this.retryAfters.push(seconds);
    member.dueAt = performance.now() + SECOND_MS * seconds;
  }

  #step(): void {
    const now = performance.now();
    for (const [index, member] of this.#members.entries()) {
      if (member.dueAt > now || (member.status !== null && member.status !== 503)) continue;
      if (member.status === 503) member.cseq += 1;
      member.patience = member.status === 503 ? T1_MS : Math.min(2 * member.patience, T2_MS);
      member.status = null;
      member.dueAt = this.#wire.transport === 'udp' ? now + member.patience : Number.POSITIVE_INFINITY;
      this.#wire.send(this.#text(index, member));
    }
  }

  #text(index: number, { cseq }: Member): string {
    const { transport, local } = this.#wire;
    const place = `${local.address}:${local.port}`;
    return [
      `SUBSCRIBE sip:storm-${index % 100}@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} ${place};branch=z9hG4bKstorm${index}.${cseq};rport`,
      'Max-Forwards: 70',
      `From: <sip:phone${index}@127.0.0.1>;tag=f${index}`,
      `To: <sip:storm-${index % 100}@127.0.0.1>`,
      `Call-ID: storm-${index}`,
      `CSeq: ${cseq} SUBSCRIBE`,
      `Contact: <sip:phone${index}@${place}${transport === 'tcp' ? ';transport=tcp' : ''}>`,
      'Event: dialog',
      'Expires: 3600',
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n');
  }
}
