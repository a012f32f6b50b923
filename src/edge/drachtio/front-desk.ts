import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Answer, Flow, IncomingRequest } from '../../ports/edge.ts';
import { fitAnswer } from '../../sip/fit-answer.ts';
import { inspectRequest } from '../../sip/inspect.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { retryAfter } from '../../sip/retry-after.ts';
import { inspectSips } from '../../sip/sips.ts';
import { answerText, plainAnswerText } from './answer-text.ts';
import { type Arrival, readArrival } from './arrival.ts';
import type { CallDesk } from './call-desk.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { contactUri } from './contact-uri.ts';
import { type DialogUsages, dialogKey } from './dialog-usages.ts';
import type { DrachtioCount } from './edge-count.ts';
import type { Heard } from './heard.ts';
import { leanAnswer } from './lean-request.ts';
import { MergedRequests } from './merged-requests.ts';
import { ALONE_OCTETS, textOctets } from './message-size.ts';
import { responseOctets } from './response-octets.ts';
import type { ServerLink } from './server-link.ts';

export interface FrontDeskOptions {
  readonly clock: Clock;
  count(name: DrachtioCount): void;
  trusts(address: string): boolean;
  deliver(request: IncomingRequest): void;
  /** The caller of an INVITE gave up. */
  cancelled(request: IncomingRequest): void;
  readonly calls: CallDesk;
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

/** RFC 3261 §8.2.2.2: the same request has come on another path, and is being served there. */
const MERGED: DeskAnswer = { status: 482, headers: [] };

/** Makes a phone form a new dialog. */
const RENEW: DeskAnswer = { status: 481, headers: [], abandons: true };

/** A request as the application gets it, with what is known of it here. */
class Visit implements IncomingRequest {
  readonly message: SipRequest;
  readonly flow: Flow;
  readonly arrival: Arrival;
  readonly link: ServerLink;
  readonly heard: Heard;
  answered = false;
  /** Our tag, of an INVITE: all responses to it have the same. */
  toTag: ByteString | null = null;

  constructor(arrival: Arrival, link: ServerLink, heard: Heard) {
    this.message = arrival.message;
    this.flow = arrival.flow;
    this.arrival = arrival;
    this.link = link;
    this.heard = heard;
  }
}

/** Takes what drachtio-server hands over, refuses what the application need not see, and sends the answers. */
export class FrontDesk {
  readonly #options: FrontDeskOptions;
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
    return request instanceof Visit ? request : undefined;
  }

  receive(link: ServerLink, heard: Heard): void {
    if (heard.method === 'CANCEL' || this.#settles(link, heard)) return;
    const arrival = readArrival(heard, link.points);
    if (arrival === null) {
      this.#options.count('malformed');
      const text = plainAnswerText(heard.transaction, 400);
      link.answer(
        leanAnswer(text, () => {}),
        heard.dialogId,
      );
      return;
    }
    const visit = new Visit(arrival, link, heard);
    heard.invite?.onCancel(() => this.#cancel(visit));
    const refusal = this.#refusalOf(arrival) ?? this.#dialogFault(arrival, link);
    if (refusal === null) {
      this.#options.deliver(visit);
      return;
    }
    this.respond(visit, refusal);
    // Behind the response: a dialog that ends with a request still open in it has that answered 500.
    if (refusal.abandons === true) this.#options.abandon(link, arrival.dialogId);
  }

  respond(request: IncomingRequest, wanted: Answer): void {
    if (!(request instanceof Visit) || request.answered) return;
    const visit = request;
    const answer = wanted.unproven === true ? this.#shortened(visit.arrival, wanted) : wanted;
    visit.answered = answer.status >= 200;
    const { arrival, link, heard, message } = visit;
    if (visit.answered) heard.invite?.forget();
    const whole = this.#textOf(visit, answer);
    const fits = textOctets(whole) <= ALONE_OCTETS;
    if (!fits) this.#options.count('too_large');
    this.#learn(visit, answer);
    const call = fits && accepts(message, answer) ? { link, dialogId: arrival.dialogId } : null;
    if (call !== null) this.#options.calls.open(call);
    const text = fits ? whole : plainAnswerText(heard.transaction, 500);
    // A CANCEL was faster, or the way back is gone.
    const refused = () => call !== null && this.#options.calls.end(call);
    link.answer(leanAnswer(text, refused), arrival.dialogId);
  }

  #textOf(visit: Visit, answer: Answer): ByteString {
    const { known, toTag, message, flow } = visit.arrival;
    const { transaction } = visit.heard;
    const contact = contactUri(visit.link.points, flow);
    return answerText(tagged(visit, answer), {
      message,
      transaction,
      known,
      hasToTag: toTag !== null,
      contact,
    });
  }

  /**
   * An answer to somebody who may not be where the datagram says, no longer than its request where that can be done.
   * Silence cannot: drachtio-server would wait for an answer, and hands over each request only once.
   */
  #shortened({ message, octets }: Arrival, answer: Answer): Answer {
    const fits = (headers: Answer['headers']) => responseOctets(message, { ...answer, headers }) <= octets;
    const headers = fitAnswer(answer.headers, fits);
    if (headers !== null) return { ...answer, headers };
    this.#options.count('unproven');
    return { ...answer, headers: fitAnswer(answer.headers, (fewer) => fewer.length <= 2) ?? [] };
  }

  #refusalOf(arrival: Arrival): DeskAnswer | null {
    const { message, flow } = arrival;
    if (!this.#options.trusts(flow.remoteAddress)) {
      // Silence would keep a transaction in drachtio-server for 64 s, and it hands over each request only once.
      this.#options.count('untrusted');
      return { status: 403, headers: [] };
    }
    // A call of before may still end.
    if (this.#closed && message.method !== 'BYE')
      return { status: 503, headers: retryAfter('ending', Math.random) };
    const fault = arrival.fault ?? inspectRequest(message) ?? inspectSips(message, flow.transport);
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
    const { message } = arrival;
    if (message.method === 'INVITE' || message.method === 'BYE') return this.#callFault(arrival, link);
    if (message.method !== 'SUBSCRIBE') return null;
    if (arrival.toTag !== null) return this.#astrayFault(arrival, link);
    if (this.#isMerged(arrival)) return MERGED;
    if (!arrival.known) return null;
    this.#options.count('dialog_reused');
    return RENEW;
  }

  /** What is settled without the application: BYE, and an INVITE inside a dialog (RFC 3261 §12.2.2, §14.2, §15.1.2). */
  #callFault(arrival: Arrival, link: ServerLink): DeskAnswer | null {
    const call = { link, dialogId: arrival.dialogId };
    const knows = this.#options.calls.knows(call);
    if (arrival.message.method === 'BYE') {
      this.#options.calls.end(call);
      return { status: knows ? 200 : 481, headers: [] };
    }
    // A session is never changed here, so that it goes on as it was.
    if (arrival.toTag !== null) return { status: knows ? 488 : 481, headers: [] };
    return this.#isMerged(arrival) || arrival.known ? MERGED : null;
  }

  #isMerged({ dialogId, message }: Arrival): boolean {
    const key = `${dialogId}\n${headerOf(message, 'cseq')}`;
    const isCopy = this.#merged.isCopy(key, this.#options.clock.now());
    if (isCopy) this.#options.count('merged');
    return isCopy;
  }

  /** True for what is not answered: an ACK, and a BYE that drachtio-server has sent because no ACK came. */
  #settles(link: ServerLink, { method, isOwn, dialogId }: Heard): boolean {
    const call = { link, dialogId };
    if (method === 'ACK') this.#options.calls.acknowledge(call);
    else if (isOwn) this.#options.calls.end(call);
    return method === 'ACK' || isOwn;
  }

  /** drachtio-server has answered 487 by itself. */
  #cancel(visit: Visit): void {
    if (visit.answered) return;
    visit.answered = true;
    this.#options.cancelled(visit);
  }

  /** NOTIFYs of this dialog would go to another phone: 481 makes this one form a new dialog (RFC 6665 §4.1.2.2). */
  #astrayFault({ dialogId }: Arrival, link: ServerLink): DeskAnswer | null {
    return this.#options.usages.takeAstray(dialogKey({ server: link.name, dialogId })) ? RENEW : null;
  }

  /** drachtio-server takes a connection into its cache with a 2xx to a SUBSCRIBE in a dialog that it knows. */
  #learn({ arrival, link }: Visit, answer: Answer): void {
    const { message, flow } = arrival;
    if (!arrival.known || message.method !== 'SUBSCRIBE' || answer.status < 200 || answer.status > 299)
      return;
    const at = answer.headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'expires');
    const expires = at === -1 ? 0 : Number.parseInt(answer.headers[at + 1] ?? '', 10);
    const key = { server: link.name, target: arrival.target };
    this.#options.cache.learn(key, flow, { now: this.#options.clock.now(), expires });
  }
}

function accepts({ method }: SipRequest, { status }: Answer): boolean {
  return method === 'INVITE' && status >= 200 && status < 300;
}

/** An answer to INVITE with the tag of those before: drachtio-server would make a new one for each. */
function tagged(visit: Visit, answer: Answer): Answer {
  if (visit.message.method !== 'INVITE') return answer;
  visit.toTag ??= answer.toTag ?? randomUUID();
  return { ...answer, toTag: visit.toTag };
}
