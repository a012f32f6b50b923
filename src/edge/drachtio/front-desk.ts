import type { Clock } from '../../ports/clock.ts';
import type { Answer, IncomingRequest } from '../../ports/edge.ts';
import { inspectRequest } from '../../sip/inspect.ts';
import { headerOf, type SipRequest } from '../../sip/message.ts';
import { fromUtf8 } from '../../sip/utf8.ts';
import { answerParts } from './answer-parts.ts';
import { type Arrival, readArrival } from './arrival.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { contactUri } from './contact-uri.ts';
import { type DialogUsages, dialogKey } from './dialog-usages.ts';
import type { DrachtioCount } from './edge-count.ts';
import { MergedRequests } from './merged-requests.ts';
import { ALONE_OCTETS, messageOctets } from './message-size.ts';
import type { ServerLink } from './server-link.ts';
import type { SrfAnswer, SrfRequest } from './srf.ts';

export interface FrontDeskOptions {
  readonly clock: Clock;
  count(name: DrachtioCount): void;
  trusts(address: string): boolean;
  deliver(request: IncomingRequest): void;
  readonly cache: ConnectionCache;
  readonly usages: DialogUsages;
  /** drachtio-server should forget this dialog: it will not be used again. */
  abandon(link: ServerLink, dialogId: string): void;
}

/** An answer that the application does not see. */
interface DeskAnswer extends Answer {
  /** drachtio-server should forget the dialog: it will not be used again. */
  readonly abandons?: true;
}

/** Makes a phone form a new dialog. */
const RENEW: DeskAnswer = { status: 481, headers: [], abandons: true };

interface Visit {
  readonly arrival: Arrival;
  readonly link: ServerLink;
  readonly answer: SrfAnswer;
  answered: boolean;
}

/** Takes what drachtio-server hands over, refuses what the application need not see, and sends the answers. */
export class FrontDesk {
  readonly #options: FrontDeskOptions;
  readonly #visits = new WeakMap<IncomingRequest, Visit>();
  readonly #merged = new MergedRequests();
  #closed = false;

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  /** Nothing is delivered after this. */
  close(): void {
    this.#closed = true;
  }

  /** What is known of a request that was delivered, and where it came from. */
  visitOf(request: IncomingRequest): { readonly arrival: Arrival; readonly link: ServerLink } | undefined {
    return this.#visits.get(request);
  }

  receive(link: ServerLink, heard: SrfRequest, answer: SrfAnswer): void {
    if (heard.method === 'ACK' || heard.method === 'CANCEL') return;
    const arrival = readArrival(heard, link.points);
    if (arrival === null) {
      this.#options.count('malformed');
      link.post({ octets: 0, write: () => sendPlain(answer, 400, () => link.received()) });
      return;
    }
    this.#visits.set(arrival.incoming, { arrival, link, answer, answered: false });
    const refusal = this.#refusalOf(arrival) ?? this.#dialogFault(arrival, link);
    if (refusal === null) {
      this.#options.deliver(arrival.incoming);
      return;
    }
    this.respond(arrival.incoming, refusal);
    // Behind the response: a dialog that ends with a request still open in it has that answered 500.
    if (refusal.abandons === true) this.#options.abandon(link, arrival.dialogId);
  }

  respond(request: IncomingRequest, answer: Answer): void {
    const visit = this.#visits.get(request);
    if (visit === undefined || visit.answered) return;
    visit.answered = answer.status >= 200;
    const { arrival, link } = visit;
    const { message } = arrival.incoming;
    const { known, toTag } = arrival;
    const contact = contactUri(link.points, arrival.incoming.flow);
    const parts = answerParts(answer, { message, known, hasToTag: toTag !== null, contact });
    const octets = messageOctets(copied(message), parts.headers, parts.body);
    if (octets > ALONE_OCTETS) this.#options.count('too_large');
    this.#learn(visit, answer);
    const fits = octets <= ALONE_OCTETS;
    const read = () => link.received();
    link.post({
      octets: fits ? octets : 0,
      write: () => {
        if (!fits) return sendPlain(visit.answer, 500, read);
        const { status, reason, headers, body } = parts;
        try {
          visit.answer.send(status, reason, body === undefined ? { headers } : { headers, body }, read);
        } catch {
          // drachtio-srf throws on a status that it has not heard of; x00 means the same (RFC 3261 §8.1.3.2).
          sendPlain(visit.answer, Math.floor(status / 100) * 100, read);
        }
      },
    });
  }

  #refusalOf(arrival: Arrival): DeskAnswer | null {
    const { message, flow } = arrival.incoming;
    if (!this.#options.trusts(flow.remoteAddress)) {
      // Silence would keep a transaction in drachtio-server for 64 s, and it hands over each request only once.
      this.#options.count('untrusted');
      return { status: 403, headers: [] };
    }
    if (this.#closed)
      return { status: 503, headers: ['Retry-After', String(2 + Math.floor(Math.random() * 8))] };
    const fault = arrival.fault ?? inspectRequest(message);
    if (fault !== null) this.#options.count('malformed');
    return fault;
  }

  /**
   * A SUBSCRIBE without To tag asks for a new dialog. If drachtio-server has one with its Call-ID and From tag, a
   * 200 would show our new tag, the NOTIFYs the old one, and the next refresh a 480 of drachtio-server itself
   * ("dialog already exists"). So it is answered 481, and the old dialog is freed: the next try succeeds, whether
   * the phone takes a new Call-ID or the same again.
   */
  #dialogFault(arrival: Arrival, link: ServerLink): DeskAnswer | null {
    const { message } = arrival.incoming;
    if (message.method !== 'SUBSCRIBE') return null;
    if (arrival.toTag !== null) return this.#astrayFault(arrival, link);
    const key = `${arrival.dialogId}\n${headerOf(message, 'cseq')}`;
    if (this.#merged.isCopy(key, this.#options.clock.now())) {
      this.#options.count('merged');
      return { status: 482, headers: [] };
    }
    if (!arrival.known) return null;
    this.#options.count('dialog_reused');
    return RENEW;
  }

  /** NOTIFYs of this dialog would go to another phone: 481 makes this one form a new dialog (RFC 6665 §4.1.2.2). */
  #astrayFault({ dialogId }: Arrival, link: ServerLink): DeskAnswer | null {
    return this.#options.usages.takeAstray(dialogKey({ server: link.name, dialogId })) ? RENEW : null;
  }

  /** drachtio-server takes a connection into its cache with a 2xx to a SUBSCRIBE in a dialog that it knows. */
  #learn({ arrival, link }: Visit, answer: Answer): void {
    const { message, flow } = arrival.incoming;
    if (!arrival.known || message.method !== 'SUBSCRIBE' || answer.status < 200 || answer.status > 299)
      return;
    const at = answer.headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'expires');
    const expires = at === -1 ? 0 : Number.parseInt(answer.headers[at + 1] ?? '', 10);
    const key = { server: link.name, target: arrival.target };
    this.#options.cache.learn(key, flow, { now: this.#options.clock.now(), expires });
  }
}

/** What drachtio-srf copies from the request into the response. */
function copied(message: SipRequest): string {
  return ['from', 'to', 'call-id', 'cseq'].map((name) => fromUtf8(headerOf(message, name) ?? '')).join('');
}

function sendPlain(answer: SrfAnswer, status: number, read: () => void): void {
  answer.send(status, undefined, { headers: {} }, read);
}
