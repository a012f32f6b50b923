import { randomUUID } from 'node:crypto';
import { type ByteString, headerOf, type SipRequest, type SipResponse } from '../../../src/sip/message.ts';
import { paramOf } from '../../../src/sip/params.ts';
import { serialize } from '../../../src/sip/serialize.ts';
import { parseUri, unescapeUri } from '../../../src/sip/uri.ts';
import { fromUtf8 } from '../../../src/sip/utf8.ts';
import { parseVia } from '../../../src/sip/via.ts';
import type { SipCommand } from './admin-port.ts';
import { type AppText, headersBut, lacksContentType, valueIn } from './app-text.ts';
import { ClientTransactions, type Final } from './client-transactions.ts';
import { type Dialog, uriOf } from './dialogs.ts';
import type { Parts } from './parts.ts';
import type { Serving } from './serving.ts';
import type { Hop } from './sip-port.ts';
import { clockTime, metaOf, responseText } from './wire-text.ts';

interface Outgoing {
  /** Null when the server sends by itself. */
  readonly command: SipCommand | null;
  readonly request: SipRequest;
  readonly dialog: Dialog | null;
}

/** The client side: requests of applications go to the wire, their responses back. */
export class Sending {
  readonly #parts: Parts;
  readonly #serving: Serving;
  readonly #transactions: ClientTransactions;

  /** `t1` in ms. */
  constructor(parts: Parts, serving: Serving, t1: number) {
    this.#parts = parts;
    this.#serving = serving;
    this.#transactions = new ClientTransactions({ t1 }, (text, hop) => parts.sip.send(text, hop));
  }

  clear(): void {
    this.#transactions.clear();
  }

  /** A response from the wire. */
  hear(response: SipResponse, hop: Hop): void {
    const branch = parseVia(headerOf(response, 'via') ?? '')?.branch ?? '';
    this.#transactions.receive(branch, response, hop);
  }

  /** Sends inside a dialog. */
  inDialog(command: SipCommand, text: AppText): void {
    const dialog = this.#parts.dialogs.get(command.dialogId);
    if (dialog === undefined) {
      this.#parts.admin.refuse(command, 'Server error: unable to find dialog for dialog id provided');
    } else if (dialog.target === null) {
      const reason = 'unable to find route when sending request inside dialog for dialog id';
      this.#parts.admin.refuse(command, `Server error: ${reason} ${dialog.id}`);
    } else if (lacksContentType(text)) {
      this.#parts.admin.refuse(command, 'Server error: missing content-type');
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
      const hop = uri.includes('placeholder') ? this.#parts.connections.find(dialog.target) : null;
      void this.#launch({ command, request, dialog }, hop ?? this.#frozenHop(dialog));
    }
  }

  /** Ends a call whose 2xx was never acknowledged, and tells its application afterwards. */
  bye(dialog: Dialog): void {
    const { target, routeSet: route, local: from, remote: to, callId } = dialog;
    if (target === null) return;
    dialog.localCseq += 1;
    const text = { startLine: '', headers: [], body: '' };
    const request = this.#request('BYE', target, { route, from, to, callId, cseq: dialog.localCseq, text });
    void this.#launch({ command: null, request, dialog }, this.#frozenHop(dialog));
    const sip = serialize(request);
    const meta = ['sip', 'application', ...metaOf(sip, dialog.hop), 'unsolicited', dialog.id, ''];
    this.#parts.admin.send(dialog.owner, meta, fromUtf8(sip));
  }

  /** Where the phone was when it formed the dialog, wherever it is now. */
  #frozenHop(dialog: Dialog): Hop | ByteString {
    if (dialog.routeSet[0] !== undefined) return uriOf(dialog.routeSet[0]) ?? '';
    if (dialog.hop.protocol === 'tcp' && dialog.hop.socket.destroyed) return dialog.target ?? '';
    return dialog.hop;
  }

  /** Sends outside any dialog. */
  outOfDialog(command: SipCommand, text: AppText): void {
    const [method = '', uriText = '', version] = text.startLine.split(' ');
    const uri = parseUri(uriText);
    if (uri === null || version === undefined)
      this.#parts.admin.refuse(command, `invalid request-uri: ${text.startLine}`);
    else if (lacksContentType(text)) this.#parts.admin.refuse(command, 'missing content-type');
    else if (this.#isOwn(uri.host, uri.port))
      this.#parts.admin.refuse(command, 'can not send request to myself');
    else {
      const bare = uriText.split('?')[0] ?? '';
      const route = routesIn(uri.headers);
      const cseq = Number.parseInt(valueIn(text, 'cseq') ?? '1', 10);
      const from = valueIn(text, 'from') ?? `<sip:127.0.0.1:${this.#parts.sip.port}>;tag=${randomUUID()}`;
      const to = valueIn(text, 'to') ?? `<${bare}>`;
      const callId = valueIn(text, 'call-id') ?? randomUUID();
      const request = this.#request(method, bare, { route, from, to, callId, cseq, text });
      // The cache comes before the address that the application named, and before the route.
      const next =
        this.#parts.connections.find(bare) ?? (command.routeUrl || (uriOf(route[0] ?? '') ?? bare));
      void this.#launch({ command, request, dialog: null }, next);
    }
  }

  #isOwn(host: string, port: number | null): boolean {
    return host === '127.0.0.1' && (port ?? 5060) === this.#parts.sip.port;
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
    const via = `SIP/2.0/${protocol.toUpperCase()} 127.0.0.1:${this.#parts.sip.port};rport;branch=${branch}`;
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
    const place = hop?.protocol === 'tcp' ? hop : { address: '127.0.0.1', port: this.#parts.sip.port };
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
    this.#parts.admin.send(command.client, tokens, fromUtf8(text));
  }

  #end({ command, request, dialog }: Outgoing, transactionId: string, final: Final): void {
    const state = headerOf(request, 'subscription-state') ?? '';
    // Any final response to a `terminated` NOTIFY ends the dialog, whatever other usages it has.
    const isLast = request.method === 'NOTIFY' && state.startsWith('terminated');
    if (dialog !== null && (isLast || request.method === 'BYE')) this.#serving.forget(dialog);
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
      this.#parts.admin.send(command.client, meta, fromUtf8(text));
      return;
    }
    const text = serialize(final.response);
    const meta = ['sip', 'network', ...metaOf(text, final.hop), transactionId, id, ''];
    this.#parts.admin.send(command.client, meta, fromUtf8(text));
  }

  #hopOf(uriText: ByteString): Hop | null {
    const uri = parseUri(uriText);
    if (uri === null) return null;
    const port = uri.port ?? 5060;
    if (paramOf(uri.params, 'transport')?.toLowerCase() !== 'tcp')
      return { protocol: 'udp', address: uri.host, port };
    return this.#parts.sip.connectionWith(uri.host, port);
  }

  async #connect(uriText: ByteString): Promise<Hop | null> {
    const uri = parseUri(uriText);
    // A name that nobody knows, or a private address that nobody answers at.
    if (uri?.host !== '127.0.0.1') return null;
    return this.#parts.sip.connectTo(uri.host, uri.port ?? 5060);
  }
}

function routesIn(headers: string | null): readonly ByteString[] {
  return (headers ?? '').split('&').flatMap((each) => {
    return each.toLowerCase().startsWith('route=') ? [unescapeUri(each.slice('route='.length))] : [];
  });
}
