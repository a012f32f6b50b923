import { randomUUID } from 'node:crypto';
import { type ByteString, headerOf, headersOf, type SipRequest } from '../../../src/sip/message.ts';
import { parseNameAddr } from '../../../src/sip/name-addr.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { fromUtf8 } from '../../../src/sip/utf8.ts';
import { parseVia } from '../../../src/sip/via.ts';
import type { AdminClient, SipCommand } from './admin-port.ts';
import { type AppText, headersBut, valueIn } from './app-text.ts';
import { type Dialog, dialogIdOf, formDialog, tagOf, uriOf } from './dialogs.ts';
import { InviteFinals } from './invite-finals.ts';
import type { Parts } from './parts.ts';
import type { Hop } from './sip-port.ts';
import { metaOf, type ResponseParts, responseText, withReceived } from './wire-text.ts';

/** A request that was handed to an application and is not answered, or was answered lately. */
interface Served {
  readonly request: SipRequest;
  readonly hop: Hop;
  readonly client: AdminClient;
  readonly transactionId: string;
  /** A dialog was known when it came. */
  readonly known: boolean;
  /** What was answered; repeated to each retransmission. */
  answer: ByteString | null;
}

/** The largest body and header that it takes from the wire. */
const INBOUND_OCTETS = 8192;
/** With nobody to hand it to, these are answered 503; those are 481; the rest is dropped. */
const UNROUTED_503 = ['SUBSCRIBE', 'PUBLISH', 'REGISTER', 'OPTIONS', 'MESSAGE', 'INFO', 'NOTIFY', 'INVITE'];
const UNROUTED_481 = ['UPDATE', 'BYE'];
/** Outside a dialog these are dropped, whoever asked for them. */
const DROPPED = ['REFER'];

interface ServingOptions {
  /** ms */
  readonly t1: number;
  /** No ACK has come to the 2xx that accepted this call. */
  unacknowledged(dialog: Dialog): void;
}

/** The server side: requests from the wire go to applications, their answers back. */
export class Serving {
  readonly #parts: Parts;
  readonly #options: ServingOptions;
  readonly #finals: InviteFinals;
  readonly #served = new Map<string, Served>();
  readonly #byTransaction = new Map<string, Served>();
  #turn = 0;

  constructor(parts: Parts, options: ServingOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#finals = new InviteFinals({ t1: options.t1 }, (text, hop) => parts.sip.send(text, hop));
  }

  clear(): void {
    this.#finals.clear();
    this.#served.clear();
    this.#byTransaction.clear();
  }

  /** A request from the wire. */
  hear(request: SipRequest, hop: Hop): void {
    if (request.method === 'ACK') this.#hearAck(request, hop);
    else if (request.method === 'CANCEL') this.#hearCancel(request, hop);
    else this.#hearOther(request, hop);
  }

  #hearOther(request: SipRequest, hop: Hop): void {
    const before = this.#served.get(serverKey(request));
    if (before !== undefined) {
      if (before.answer !== null) this.#parts.sip.send(before.answer, hop);
      return;
    }
    if (isTooLarge(request) || hasMalformed(request)) {
      this.answerItself(request, hop, 400);
      if (hop.protocol === 'tcp') hop.socket.end();
      return;
    }
    const dialog = this.#parts.dialogs.get(dialogIdOf(request));
    const toTag = tagOf(request, 'to');
    if (request.method === 'INVITE') this.#try(request, hop);
    // Without To tag, a Call-ID and From tag that it knows are the dialog all the same.
    if (dialog !== undefined && (toTag === null || toTag === dialog.localTag))
      this.#handInDialog(request, hop, dialog);
    else if (request.method === 'INVITE' && toTag !== null) this.answerItself(request, hop, 481);
    else this.#handNew(request, hop);
  }

  #try(request: SipRequest, hop: Hop): void {
    const to = headerOf(request, 'to') ?? '';
    const text = responseText(withReceived(request, hop), { status: 100, to, headers: [], body: '' });
    this.#parts.sip.send(text, hop);
  }

  /** The ACK to a 2xx is handed over, in the dialog and without a protocol. */
  #hearAck(request: SipRequest, hop: Hop): void {
    const final = this.#finals.acknowledge(request);
    const dialog = this.#parts.dialogs.get(dialogIdOf(request));
    if (final?.accepts !== true || dialog === undefined) return;
    const text = serialize(withReceived(request, hop));
    const [bytes = '', , ...place] = metaOf(text, hop);
    const meta = ['sip', 'network', bytes, '', ...place, final.transactionId, dialog.id, ''];
    this.#parts.admin.send(dialog.owner, meta, fromUtf8(text));
  }

  /**
   * An INVITE without final response is answered here too, and its application told. What is no INVITE is 200 once it
   * was answered; all else is 481.
   */
  #hearCancel(request: SipRequest, hop: Hop): void {
    const served = this.#served.get(serverKey(cancelledBy(request, 'INVITE')));
    const isPending = served !== undefined && served.answer === null;
    const isOver = this.#served.get(serverKey(cancelledBy(request, 'SUBSCRIBE')))?.answer != null;
    this.answerItself(request, hop, isPending || isOver ? 200 : 481);
    if (!isPending) return;
    const to = `${headerOf(served.request, 'to')};tag=${randomUUID()}`;
    this.#finish(served, 487, { to, headers: [], body: '' });
    const text = serialize(withReceived(request, hop));
    const meta = ['sip', 'network', ...metaOf(text, hop), served.transactionId, '', ''];
    this.#parts.admin.send(served.client, meta, fromUtf8(text));
  }

  #handInDialog(request: SipRequest, hop: Hop, dialog: Dialog): void {
    // Nobody takes over what a connection has answered: after its end every refresh is refused.
    if (!dialog.owner.open) this.answerItself(request, hop, 481);
    else this.#hand(request, hop, { client: dialog.owner, dialogId: dialog.id });
  }

  #handNew(request: SipRequest, hop: Hop): void {
    if (DROPPED.includes(request.method)) return;
    const client = this.#nextClient(request.method.toLowerCase());
    if (client !== null) this.#hand(request, hop, { client, dialogId: '' });
    else if (UNROUTED_503.includes(request.method)) this.answerItself(request, hop, 503);
    else if (UNROUTED_481.includes(request.method)) this.answerItself(request, hop, 481);
  }

  #nextClient(verb: string): AdminClient | null {
    const shares = [...this.#parts.admin.clients].flatMap((client) =>
      client.verbs.filter((each) => each === verb).map(() => client),
    );
    this.#turn += 1;
    return shares[this.#turn % Math.max(shares.length, 1)] ?? null;
  }

  #hand(request: SipRequest, hop: Hop, to: { client: AdminClient; dialogId: string }): void {
    const transactionId = randomUUID();
    const known = to.dialogId !== '';
    const served = { request, hop, client: to.client, transactionId, known, answer: null };
    this.#served.set(serverKey(request), served);
    this.#byTransaction.set(transactionId, served);
    const text = serialize(withReceived(request, hop));
    const heardOn = to.dialogId === '' ? ['127.0.0.1', `${this.#parts.sip.port}`] : [];
    this.#parts.admin.send(
      to.client,
      ['sip', 'network', ...metaOf(text, hop), transactionId, to.dialogId, ...heardOn, ''],
      fromUtf8(text),
    );
  }

  /** An answer that no application sees. */
  answerItself(request: SipRequest, hop: Hop, status: number): void {
    const to = headerOf(request, 'to') ?? '';
    const tagged = tagOf(request, 'to') === null ? `${to};tag=${randomUUID()}` : to;
    const text = responseText(withReceived(request, hop), { status, to: tagged, headers: [], body: '' });
    this.#parts.sip.send(text, hop);
  }

  /** The answer of an application. */
  respond(command: SipCommand, text: AppText): void {
    const served = this.#byTransaction.get(command.transactionId);
    if (served === undefined || served.answer !== null) {
      this.#parts.admin.refuse(command, 'Response not sent due to unknown transaction');
      return;
    }
    const { request, hop, known } = served;
    const [, statusText, ...reason] = text.startLine.split(' ');
    const status = Number(statusText);
    const isInvite = request.method === 'INVITE';
    const dialogId = isInvite || request.method === 'SUBSCRIBE' ? dialogIdOf(request) : '';
    const forms = formsDialog(request, status);
    if (forms && !known && !isInvite && this.#parts.dialogs.has(dialogId)) {
      this.#finish(served, 480, { to: headerOf(request, 'to') ?? '', headers: [], body: '' });
      this.#parts.admin.refuse(command, 'dialog already exists, rejecting this request');
      return;
    }
    const to = this.#toOf(request, text, dialogId);
    // In a dialog also a refusal gets one.
    const hasContact = forms || (known && dialogId !== '');
    const contact = valueIn(text, 'contact') ?? `<sip:127.0.0.1:${this.#parts.sip.port}>`;
    const headers = [
      ...(hasContact ? ['contact', contact] : []),
      ...(forms ? headersOf(request, 'record-route').flatMap((value) => ['record-route', value]) : []),
      ...headersBut(text, 'to', 'from', 'call-id', 'cseq', hasContact ? 'contact' : ''),
    ];
    const sent = this.#finish(served, status, {
      to: to.value,
      reason: reason.join(' '),
      headers,
      body: text.body,
    });
    if (sent === null) {
      this.#parts.admin.refuse(command, 'transport for response has been shutdown or closed');
      return;
    }
    if (request.method === 'BYE') this.#parts.dialogs.delete(dialogIdOf(request));
    if (isInvite && !known && status >= 300) this.#parts.dialogs.delete(dialogId);
    if (forms && !known && !this.#parts.dialogs.has(dialogId)) {
      // Whoever was given the request, whichever connection the answer came on.
      const owner = served.client;
      this.#parts.dialogs.set(dialogId, formDialog(request, { to: to.value, localTag: to.tag, hop, owner }));
    }
    const target = uriOf(headerOf(request, 'contact'));
    if (forms && known && !isInvite && target !== null)
      this.#parts.connections.keep(target, hop, Number(valueIn(text, 'expires') ?? '0'));
    const [bytes = '', , address = '', port = '', time = ''] = metaOf(sent, hop);
    const meta = ['OK', 'application', bytes, '', address, port, time, command.transactionId, dialogId, ''];
    this.#parts.admin.send(
      command.client,
      ['response', command.id, ...meta, 'Msg sent:', ''],
      fromUtf8(sent),
    );
  }

  /** To of a response: the tag of the request, of the application, of the dialog, or a new one, in this order. */
  #toOf(request: SipRequest, text: AppText, dialogId: string): { value: ByteString; tag: ByteString } {
    const to = headerOf(request, 'to') ?? '';
    const own = tagOf(request, 'to');
    if (own !== null) return { value: to, tag: own };
    // Everything behind `tag=` is the tag.
    const given = /tag=(.*)/.exec(valueIn(text, 'to') ?? '')?.[1];
    const tag = given ?? this.#parts.dialogs.get(dialogId)?.localTag ?? randomUUID();
    return { value: `${to};tag=${tag}`, tag };
  }

  #finish(served: Served, status: number, parts: Omit<ResponseParts, 'status'>): ByteString | null {
    const sent = responseText(withReceived(served.request, served.hop), { status, ...parts });
    if (!this.#parts.sip.send(sent, served.hop)) return null;
    if (status < 200) return sent;
    served.answer = sent;
    if (served.request.method === 'INVITE') this.#awaitAck(served, status, sent);
    return sent;
  }

  #awaitAck({ request, hop, transactionId }: Served, status: number, text: ByteString): void {
    const accepts = status < 300;
    const gaveUp = () => {
      const dialog = this.#parts.dialogs.get(dialogIdOf(request));
      if (accepts && dialog !== undefined) this.#options.unacknowledged(dialog);
    };
    this.#finals.start({ request, text, hop, transactionId, accepts, gaveUp });
  }

  /** The dialog is over: what was still to be answered in it is answered 500. */
  forget(dialog: Dialog): void {
    this.#parts.dialogs.delete(dialog.id);
    for (const served of this.#served.values()) {
      if (served.answer !== null || !served.known || dialogIdOf(served.request) !== dialog.id) continue;
      this.#finish(served, 500, { to: headerOf(served.request, 'to') ?? '', headers: [], body: '' });
    }
  }
}

/** A transaction of a server: branch alone is not unique among clients. */
function serverKey(request: SipRequest): string {
  const branch = parseVia(headerOf(request, 'via') ?? '')?.branch;
  return [headerOf(request, 'call-id'), request.method, headerOf(request, 'cseq'), branch].join('|');
}

/** What the request of a CANCEL has for its key. */
function cancelledBy(cancel: SipRequest, method: string): SipRequest {
  const cseq = (headerOf(cancel, 'cseq') ?? '').replace('CANCEL', method);
  const headers = cancel.headers.with(cancel.headers.indexOf('cseq') + 1, cseq);
  return { ...cancel, method, headers };
}

function formsDialog({ method }: SipRequest, status: number): boolean {
  if (method === 'INVITE') return status > 100 && status < 300;
  return method === 'SUBSCRIBE' && (status === 200 || status === 202);
}

/** What its parser knows and cannot read it refuses, wanted or not; so far as tests send it. */
function hasMalformed(request: SipRequest): boolean {
  const isNumber = /^\d+$/.test(headerOf(request, 'expires') ?? '0');
  const isDate = / GMT$/.test(headerOf(request, 'date') ?? ' GMT');
  const isAddress = parseNameAddr(headerOf(request, 'reply-to') ?? 'sip:x') !== null;
  return !isNumber || !isDate || !isAddress || headersOf(request, 'event').length > 1;
}

function isTooLarge(request: SipRequest): boolean {
  return request.body.length > INBOUND_OCTETS || request.headers.some((text) => text.length > INBOUND_OCTETS);
}
