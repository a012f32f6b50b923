import { randomUUID } from 'node:crypto';
import {
  type ByteString,
  headerOf,
  headersOf,
  type SipRequest,
  type SipResponse,
} from '../../../src/sip/message.ts';
import { paramOf } from '../../../src/sip/params.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { reasonOf } from '../../../src/sip/status.ts';
import { parseUri, unescapeUri } from '../../../src/sip/uri.ts';
import { fromUtf8 } from '../../../src/sip/utf8.ts';
import { formatVia, parseVia } from '../../../src/sip/via.ts';
import { type AdminClient, AdminPort, type SipCommand } from './admin-port.ts';
import { type AppText, headersBut, lacksContentType, readAppText, valueIn } from './app-text.ts';
import { ClientTransactions, type Final } from './client-transactions.ts';
import { type Dialog, dialogIdOf, formDialog, tagOf, uriOf } from './dialogs.ts';
import { InviteFinals } from './invite-finals.ts';
import { type Hop, SipPort } from './sip-port.ts';

export interface DoubleOptions {
  readonly secret?: string;
  /** ms; the real server makes it at least 1000. */
  readonly t1?: number;
}

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

interface Outgoing {
  /** Null when the server sends by itself. */
  readonly command: SipCommand | null;
  readonly request: SipRequest;
  readonly dialog: Dialog | null;
}

/** The largest body and header that it takes from the wire. */
const INBOUND_OCTETS = 8192;
/** With nobody to hand it to, these are answered 503; those are 481; the rest is dropped. */
const UNROUTED_503 = ['SUBSCRIBE', 'PUBLISH', 'REGISTER', 'OPTIONS', 'MESSAGE', 'INFO', 'NOTIFY', 'INVITE'];
const UNROUTED_481 = ['UPDATE', 'BYE'];

/**
 * A double of drachtio-server 0.9.10: its TCP protocol on one side, real SIP on UDP and TCP on the other, with the
 * faults of the real one that an application has to live with (drachtio.md). What it does not have: WebSocket,
 * TLS, names in DNS, and the 503 at once when a UDP port is closed.
 */
export class DrachtioDouble {
  adminPort = 0;
  readonly admin: AdminPort;
  readonly #sip = new SipPort((text, hop) => this.#hear(text, hop));
  readonly #transactions: ClientTransactions;
  readonly #finals: InviteFinals;
  readonly #dialogs = new Map<string, Dialog>();
  readonly #served = new Map<string, Served>();
  readonly #byTransaction = new Map<string, Served>();
  /** `user@host` of a Contact, of any tenant: filled by refreshes over a stream, and the last one wins. */
  readonly #connections = new Map<string, { readonly hop: Hop; readonly until: number }>();
  #turn = 0;

  constructor({ secret = 'cymru', t1 = 1000 }: DoubleOptions = {}) {
    this.#transactions = new ClientTransactions({ t1 }, (text, hop) => this.#sip.send(text, hop));
    this.#finals = new InviteFinals({ t1 }, (text, hop) => this.#sip.send(text, hop));
    this.admin = new AdminPort({
      secret,
      hostports: () => this.#hostports(),
      command: (command) => this.#obey(command),
    });
  }

  /** Listens, on the ports it had before if it was stopped. */
  async start(): Promise<void> {
    await this.#sip.open(this.#sip.port);
    this.adminPort = await this.admin.open(this.adminPort);
  }

  /** Dies with all it knew. */
  async stop(): Promise<void> {
    this.#transactions.clear();
    this.#finals.clear();
    this.#dialogs.clear();
    this.#served.clear();
    this.#byTransaction.clear();
    this.#connections.clear();
    await this.admin.close();
    await this.#sip.close();
  }

  get sipPort(): number {
    return this.#sip.port;
  }

  /** How many dialogs it keeps. */
  get dialogCount(): number {
    return this.#dialogs.size;
  }

  #hostports(): string {
    const place = `127.0.0.1:${this.#sip.port}`;
    return `tcp/${place},udp/${place}`;
  }

  // From the wire

  #hear(text: ByteString, hop: Hop): void {
    const read = parseMessage(text);
    if (read.kind === 'fault') {
      if (read.request !== null) this.#answerItself(read.request, hop, 400);
    } else if (read.message.kind === 'response') this.#hearResponse(read.message, hop);
    else this.#hearRequest(read.message, hop);
  }

  #hearResponse(response: SipResponse, hop: Hop): void {
    const branch = parseVia(headerOf(response, 'via') ?? '')?.branch ?? '';
    this.#transactions.receive(branch, response, hop);
  }

  #hearRequest(request: SipRequest, hop: Hop): void {
    if (request.method === 'ACK') {
      this.#hearAck(request, hop);
      return;
    }
    if (request.method === 'CANCEL') {
      this.#hearCancel(request, hop);
      return;
    }
    const before = this.#served.get(serverKey(request));
    if (before !== undefined) {
      if (before.answer !== null) this.#sip.send(before.answer, hop);
      return;
    }
    if (isTooLarge(request) || !/^\d+$/.test(headerOf(request, 'expires') ?? '0')) {
      this.#answerItself(request, hop, 400);
      if (hop.protocol === 'tcp') hop.socket.end();
      return;
    }
    const dialog = this.#dialogs.get(dialogIdOf(request));
    const toTag = tagOf(request, 'to');
    if (request.method === 'INVITE') this.#try(request, hop);
    // Without To tag, a Call-ID and From tag that it knows are the dialog all the same.
    if (dialog !== undefined && (toTag === null || toTag === dialog.localTag))
      this.#handInDialog(request, hop, dialog);
    else if (request.method === 'INVITE' && toTag !== null) this.#answerItself(request, hop, 481);
    else this.#handNew(request, hop);
  }

  #try(request: SipRequest, hop: Hop): void {
    const to = headerOf(request, 'to') ?? '';
    this.#sip.send(responseText(withReceived(request, hop), { status: 100, to, headers: [], body: '' }), hop);
  }

  /** The ACK to a 2xx is handed over, in the dialog and without a protocol. */
  #hearAck(request: SipRequest, hop: Hop): void {
    const final = this.#finals.acknowledge(request);
    const dialog = this.#dialogs.get(dialogIdOf(request));
    if (final?.accepts !== true || dialog === undefined) return;
    const text = serialize(withReceived(request, hop));
    const [bytes = '', , ...place] = metaOf(text, hop);
    const meta = ['sip', 'network', bytes, '', ...place, final.transactionId, dialog.id, ''];
    this.admin.send(dialog.owner, meta, fromUtf8(text));
  }

  /** An INVITE without final response is answered here too, and its application told; all else is 481. */
  #hearCancel(request: SipRequest, hop: Hop): void {
    const cseq = (headerOf(request, 'cseq') ?? '').replace('CANCEL', 'INVITE');
    const headers = request.headers.with(request.headers.indexOf('cseq') + 1, cseq);
    const served = this.#served.get(serverKey({ ...request, method: 'INVITE', headers }));
    const isPending = served !== undefined && served.answer === null;
    this.#answerItself(request, hop, isPending ? 200 : 481);
    if (!isPending) return;
    const to = `${headerOf(served.request, 'to')};tag=${randomUUID()}`;
    this.#finish(served, 487, { to, headers: [], body: '' });
    const text = serialize(withReceived(request, hop));
    const meta = ['sip', 'network', ...metaOf(text, hop), served.transactionId, '', ''];
    this.admin.send(served.client, meta, fromUtf8(text));
  }

  #handInDialog(request: SipRequest, hop: Hop, dialog: Dialog): void {
    // Nobody takes over what a connection has answered: after its end every refresh is refused.
    if (!dialog.owner.open) this.#answerItself(request, hop, 481);
    else this.#hand(request, hop, { client: dialog.owner, dialogId: dialog.id });
  }

  #handNew(request: SipRequest, hop: Hop): void {
    const client = this.#nextClient(request.method.toLowerCase());
    if (client !== null) this.#hand(request, hop, { client, dialogId: '' });
    else if (UNROUTED_503.includes(request.method)) this.#answerItself(request, hop, 503);
    else if (UNROUTED_481.includes(request.method)) this.#answerItself(request, hop, 481);
  }

  #nextClient(verb: string): AdminClient | null {
    const shares = [...this.admin.clients].flatMap((client) =>
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
    const heardOn = to.dialogId === '' ? ['127.0.0.1', `${this.#sip.port}`] : [];
    this.admin.send(
      to.client,
      ['sip', 'network', ...metaOf(text, hop), transactionId, to.dialogId, ...heardOn, ''],
      fromUtf8(text),
    );
  }

  #answerItself(request: SipRequest, hop: Hop, status: number): void {
    const to = headerOf(request, 'to') ?? '';
    const tagged = tagOf(request, 'to') === null ? `${to};tag=${randomUUID()}` : to;
    const text = responseText(withReceived(request, hop), { status, to: tagged, headers: [], body: '' });
    this.#sip.send(text, hop);
  }

  // From an application

  #obey(command: SipCommand): void {
    const text = readAppText(command.text);
    if (text.startLine.startsWith('SIP/')) this.#respond(command, text);
    else if (command.dialogId !== '') this.#sendInDialog(command, text);
    else this.#sendOutOfDialog(command, text);
  }

  #refuse(command: SipCommand, reason: string): void {
    this.admin.send(command.client, ['response', command.id, 'NOK', reason]);
  }

  #respond(command: SipCommand, text: AppText): void {
    const served = this.#byTransaction.get(command.transactionId);
    if (served === undefined || served.answer !== null) {
      this.#refuse(command, 'Response not sent due to unknown transaction');
      return;
    }
    const { request, hop, known } = served;
    const [, statusText, ...reason] = text.startLine.split(' ');
    const status = Number(statusText);
    const isInvite = request.method === 'INVITE';
    const dialogId = request.method === 'SUBSCRIBE' || isInvite ? dialogIdOf(request) : '';
    const forms = isInvite
      ? status > 100 && status < 300
      : dialogId !== '' && (status === 200 || status === 202);
    if (forms && !known && !isInvite && this.#dialogs.has(dialogId)) {
      this.#finish(served, 480, { to: headerOf(request, 'to') ?? '', headers: [], body: '' });
      this.#refuse(command, 'dialog already exists, rejecting this request');
      return;
    }
    const to = this.#toOf(request, text, dialogId);
    // In a dialog also a refusal gets one.
    const hasContact = forms || (known && dialogId !== '');
    const contact = valueIn(text, 'contact') ?? `<sip:127.0.0.1:${this.#sip.port}>`;
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
      this.#refuse(command, 'transport for response has been shutdown or closed');
      return;
    }
    if (request.method === 'BYE') this.#dialogs.delete(dialogIdOf(request));
    if (isInvite && !known && status >= 300) this.#dialogs.delete(dialogId);
    if (forms && !known && !this.#dialogs.has(dialogId)) {
      const owner = command.client;
      this.#dialogs.set(dialogId, formDialog(request, { to: to.value, localTag: to.tag, hop, owner }));
    }
    if (forms && known && !isInvite)
      this.#cacheConnection(request, hop, Number(valueIn(text, 'expires') ?? '0'));
    const [bytes = '', , address = '', port = '', time = ''] = metaOf(sent, hop);
    const meta = ['OK', 'application', bytes, '', address, port, time, command.transactionId, dialogId, ''];
    this.admin.send(command.client, ['response', command.id, ...meta, 'Msg sent:', ''], fromUtf8(sent));
  }

  /** To of a response: the tag of the request, of the application, of the dialog, or a new one, in this order. */
  #toOf(request: SipRequest, text: AppText, dialogId: string): { value: ByteString; tag: ByteString } {
    const to = headerOf(request, 'to') ?? '';
    const own = tagOf(request, 'to');
    if (own !== null) return { value: to, tag: own };
    // Everything behind `tag=` is the tag.
    const given = /tag=(.*)/.exec(valueIn(text, 'to') ?? '')?.[1];
    const tag = given ?? this.#dialogs.get(dialogId)?.localTag ?? randomUUID();
    return { value: `${to};tag=${tag}`, tag };
  }

  #finish(served: Served, status: number, parts: Omit<ResponseParts, 'status'>): ByteString | null {
    const sent = responseText(withReceived(served.request, served.hop), { status, ...parts });
    if (!this.#sip.send(sent, served.hop)) return null;
    if (status < 200) return sent;
    served.answer = sent;
    if (served.request.method === 'INVITE') this.#awaitAck(served, status, sent);
    return sent;
  }

  #awaitAck({ request, hop, transactionId }: Served, status: number, text: ByteString): void {
    const accepts = status < 300;
    const gaveUp = () => {
      const dialog = this.#dialogs.get(dialogIdOf(request));
      if (accepts && dialog !== undefined) this.#sendBye(dialog);
    };
    this.#finals.start({ request, text, hop, transactionId, accepts, gaveUp });
  }

  /** Ends a call whose 2xx was never acknowledged, and tells its application afterwards. */
  #sendBye(dialog: Dialog): void {
    const { target, routeSet: route, local: from, remote: to, callId } = dialog;
    if (target === null) return;
    dialog.localCseq += 1;
    const text = { startLine: '', headers: [], body: '' };
    const request = this.#request('BYE', target, { route, from, to, callId, cseq: dialog.localCseq, text });
    void this.#launch({ command: null, request, dialog }, this.#frozenHop(dialog));
    const sip = serialize(request);
    const meta = ['sip', 'application', ...metaOf(sip, dialog.hop), 'unsolicited', dialog.id, ''];
    this.admin.send(dialog.owner, meta, fromUtf8(sip));
  }

  #cacheConnection(request: SipRequest, hop: Hop, expires: number): void {
    const target = uriOf(headerOf(request, 'contact'));
    if (hop.protocol === 'udp' || target === null) return;
    if (expires > 0) this.#connections.set(cacheKey(target), { hop, until: Date.now() + expires * 1000 });
    else this.#connections.delete(cacheKey(target));
  }

  #sendInDialog(command: SipCommand, text: AppText): void {
    const dialog = this.#dialogs.get(command.dialogId);
    if (dialog === undefined) {
      this.#refuse(command, 'Server error: unable to find dialog for dialog id provided');
    } else if (dialog.target === null) {
      const reason = 'unable to find route when sending request inside dialog for dialog id';
      this.#refuse(command, `Server error: ${reason} ${dialog.id}`);
    } else if (lacksContentType(text)) {
      this.#refuse(command, 'Server error: missing content-type');
    } else {
      dialog.localCseq += 1;
      const [method = '', uri = ''] = text.startLine.split(' ');
      const request = this.#request(method, dialog.target, {
        route: dialog.routeSet,
        from: dialog.local,
        // These two it takes from the application.
        to: valueIn(text, 'to') ?? dialog.remote,
        callId: valueIn(text, 'call-id') ?? dialog.callId,
        cseq: dialog.localCseq,
        text,
      });
      const hop = uri.includes('placeholder') ? this.#cachedHop(dialog.target) : null;
      void this.#launch({ command, request, dialog }, hop ?? this.#frozenHop(dialog));
    }
  }

  /** Where the phone was when it formed the dialog, wherever it is now. */
  #frozenHop(dialog: Dialog): Hop | ByteString {
    if (dialog.routeSet[0] !== undefined) return uriOf(dialog.routeSet[0]) ?? '';
    if (dialog.hop.protocol === 'tcp' && dialog.hop.socket.destroyed) return dialog.target ?? '';
    return dialog.hop;
  }

  #sendOutOfDialog(command: SipCommand, text: AppText): void {
    const [method = '', uriText = '', version] = text.startLine.split(' ');
    const uri = parseUri(uriText);
    if (uri === null || version === undefined)
      this.#refuse(command, `invalid request-uri: ${text.startLine}`);
    else if (lacksContentType(text)) this.#refuse(command, 'missing content-type');
    else if (this.#isOwn(uri.host, uri.port)) this.#refuse(command, 'can not send request to myself');
    else {
      const bare = uriText.split('?')[0] ?? '';
      const route = routesIn(uri.headers);
      const cseq = Number.parseInt(valueIn(text, 'cseq') ?? '1', 10);
      const from = valueIn(text, 'from') ?? `<sip:127.0.0.1:${this.#sip.port}>;tag=${randomUUID()}`;
      const to = valueIn(text, 'to') ?? `<${bare}>`;
      const callId = valueIn(text, 'call-id') ?? randomUUID();
      const request = this.#request(method, bare, { route, from, to, callId, cseq, text });
      // The cache comes before the address that the application named, and before the route.
      const next = this.#cachedHop(bare) ?? (command.routeUrl || (uriOf(route[0] ?? '') ?? bare));
      void this.#launch({ command, request, dialog: null }, next);
    }
  }

  #isOwn(host: string, port: number | null): boolean {
    return host === '127.0.0.1' && (port ?? 5060) === this.#sip.port;
  }

  #cachedHop(target: ByteString): Hop | null {
    const cached = this.#connections.get(cacheKey(target));
    return cached !== undefined && cached.until > Date.now() ? cached.hop : null;
  }

  #request(
    method: string,
    uri: ByteString,
    parts: {
      route: readonly ByteString[];
      from: ByteString;
      to: ByteString;
      callId: ByteString;
      cseq: number;
      text: AppText;
    },
  ): SipRequest {
    const { route, from, to, callId, cseq, text } = parts;
    const headers = ['via', '', ...route.flatMap((value) => ['route', value]), 'max-forwards', '70'];
    headers.push('from', from, 'to', to, 'call-id', callId, 'cseq', `${cseq} ${method}`);
    headers.push(...headersBut(text, 'from', 'to', 'call-id', 'cseq'));
    return { kind: 'request', method, uri, headers, body: text.body };
  }

  /** Sends a request to a hop, or to where a URI leads. */
  async #launch(outgoing: Outgoing, next: Hop | ByteString): Promise<void> {
    const transactionId = randomUUID();
    const known = typeof next === 'string' ? this.#hopOf(next) : next;
    const branch = `z9hG4bK${randomUUID()}`;
    const { request } = outgoing;
    const protocol = known?.protocol ?? 'tcp';
    const via = `SIP/2.0/${protocol.toUpperCase()} 127.0.0.1:${this.#sip.port};rport;branch=${branch}`;
    const text = serialize({ ...request, headers: ['via', via, ...request.headers.slice(2)] });
    this.#echo(outgoing, { transactionId, text, hop: known });
    const transaction = {
      branch,
      text,
      ended: (final: Final) => this.#end(outgoing, transactionId, final),
    };
    const hop = known ?? (await this.#connect(typeof next === 'string' ? next : ''));
    if (hop === null) this.#end(outgoing, transactionId, { local: 503 });
    else this.#transactions.start(transaction, hop);
  }

  #echo(
    { command }: Outgoing,
    { transactionId, text, hop }: { transactionId: string; text: ByteString; hop: Hop | null },
  ): void {
    if (command === null) return;
    // Of a stream the peer, of UDP its own socket; nothing was written yet when it must connect first.
    const bytes = hop === null ? '0' : `${text.length}`;
    const place = hop?.protocol === 'tcp' ? hop : { address: '127.0.0.1', port: this.#sip.port };
    const meta = [
      'OK',
      'application',
      bytes,
      hop?.protocol ?? 'tcp',
      place.address,
      `${place.port}`,
      clockTime(),
    ];
    const tokens = ['response', command.id, ...meta, transactionId, 'Msg sent:', ''];
    this.admin.send(command.client, tokens, fromUtf8(text));
  }

  #end({ command, request, dialog }: Outgoing, transactionId: string, final: Final): void {
    const state = headerOf(request, 'subscription-state') ?? '';
    // Any final response to a `terminated` NOTIFY ends the dialog, whatever other usages it has.
    const isLast = request.method === 'NOTIFY' && state.startsWith('terminated');
    if (dialog !== null && (isLast || request.method === 'BYE')) this.#forget(dialog);
    if (command === null) return;
    const id = dialog?.id ?? '';
    if ('local' in final) {
      const text = responseText(request, {
        status: final.local,
        to: headerOf(request, 'to') ?? '',
        headers: [],
        body: '',
      });
      const meta = ['sip', 'network', '0', 'tcp', '', '0', clockTime(), transactionId, id, ''];
      this.admin.send(command.client, meta, fromUtf8(text));
      return;
    }
    const text = serialize(final.response);
    const meta = ['sip', 'network', ...metaOf(text, final.hop), transactionId, id, ''];
    this.admin.send(command.client, meta, fromUtf8(text));
  }

  /** What was still to be answered in the dialog is answered 500. */
  #forget(dialog: Dialog): void {
    this.#dialogs.delete(dialog.id);
    for (const served of this.#served.values()) {
      if (served.answer !== null || !served.known || dialogIdOf(served.request) !== dialog.id) continue;
      this.#finish(served, 500, { to: headerOf(served.request, 'to') ?? '', headers: [], body: '' });
    }
  }

  #hopOf(uriText: ByteString): Hop | null {
    const uri = parseUri(uriText);
    if (uri === null) return null;
    const port = uri.port ?? 5060;
    if (paramOf(uri.params, 'transport')?.toLowerCase() !== 'tcp')
      return { protocol: 'udp', address: uri.host, port };
    return this.#sip.connectionWith(uri.host, port);
  }

  async #connect(uriText: ByteString): Promise<Hop | null> {
    const uri = parseUri(uriText);
    // A name that nobody knows, or a private address that nobody answers at.
    if (uri?.host !== '127.0.0.1') return null;
    return this.#sip.connectTo(uri.host, uri.port ?? 5060);
  }
}

/** A transaction of a server: branch alone is not unique among clients. */
function serverKey(request: SipRequest): string {
  const branch = parseVia(headerOf(request, 'via') ?? '')?.branch;
  return [headerOf(request, 'call-id'), request.method, headerOf(request, 'cseq'), branch].join('|');
}

function isTooLarge(request: SipRequest): boolean {
  return request.body.length > INBOUND_OCTETS || request.headers.some((text) => text.length > INBOUND_OCTETS);
}

function metaOf(text: ByteString, { protocol, address, port }: Hop): readonly string[] {
  return [`${text.length}`, protocol, address, `${port}`, clockTime()];
}

function clockTime(): string {
  return new Date().toISOString().slice(11, 23);
}

/** The request with what RFC 3581 §4 puts into the top Via. */
function withReceived(request: SipRequest, { address, port }: Hop): SipRequest {
  const index = request.headers.indexOf('via') + 1;
  const via = parseVia(request.headers[index] ?? '');
  if (via === null) return request;
  const stamped = { ...via, rport: port, received: via.host === address ? via.received : address };
  return { ...request, headers: request.headers.with(index, formatVia(stamped)) };
}

interface ResponseParts {
  readonly status: number;
  /** Absent: the standard phrase. */
  readonly reason?: ByteString;
  readonly to: ByteString;
  readonly headers: readonly ByteString[];
  readonly body: ByteString;
}

function responseText(request: SipRequest, parts: ResponseParts): ByteString {
  const { status, reason = reasonOf(status), to, headers, body } = parts;
  const fixed = headersOf(request, 'via').flatMap((value) => ['via', value]);
  fixed.push('from', headerOf(request, 'from') ?? '', 'to', to);
  fixed.push('call-id', headerOf(request, 'call-id') ?? '', 'cseq', headerOf(request, 'cseq') ?? '');
  return serialize({ kind: 'response', status, reason, headers: [...fixed, ...headers], body });
}

function routesIn(headers: string | null): readonly ByteString[] {
  return (headers ?? '').split('&').flatMap((each) => {
    return each.toLowerCase().startsWith('route=') ? [unescapeUri(each.slice('route='.length))] : [];
  });
}

function cacheKey(target: ByteString): string {
  const uri = parseUri(target);
  return `${unescapeUri(uri?.user ?? '')}@${uri?.host}`;
}
