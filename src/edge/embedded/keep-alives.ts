import { randomBytes } from 'node:crypto';
import type { Flow, NotifySlot } from '../../ports/edge.ts';
import type { Dialog } from '../../sip/dialog.ts';
import type { ByteString } from '../../sip/message.ts';
import { serialize } from '../../sip/serialize.ts';
import type { ClientTransactions } from './client-transactions.ts';
import type { EdgeCount } from './inbound.ts';
import type { SentBy } from './notify-head.ts';
import type { FoundPath } from './path.ts';

/** What is sent to keep a NAT open. */
export type KeepAliveKind = 'crlf' | 'options';

/** What keep-alives need. */
export interface KeepAliveOptions {
  readonly kind: KeepAliveKind;
  readonly client: ClientTransactions;
  sentBy(flow: Flow): SentBy;
  /** The phone on this flow has answered. */
  alive(flow: Flow): void;
  count(name: EdgeCount): void;
}

/** RFC 5626 §3.5.1 has the double CRLF for streams; in a datagram it asks for no answer, and any phone ignores it. */
const CRLF_CRLF = Buffer.from('\r\n\r\n', 'latin1');

/** Keeps the NATs before phones on UDP open. */
export class KeepAlives {
  readonly #options: KeepAliveOptions;
  /** Flows on which an OPTIONS waits for its answer. */
  readonly #asked = new Set<string>();

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /** Sends one on the flow of the slot; `found` is the way there. Not while the one before waits for its answer. */
  send({ record: { dialog, flow } }: NotifySlot, found: FoundPath): void {
    const key = `${flow.remoteAddress} ${flow.remotePort}`;
    if (this.#asked.has(key)) return;
    this.#options.count('keepalive_sent');
    if (this.#options.kind === 'crlf') {
      found.path.send(CRLF_CRLF);
      return;
    }
    this.#asked.add(key);
    const sentBy = this.#options.sentBy(flow);
    const write = (branch: ByteString): ByteString => optionsText(dialog, sentBy, branch);
    this.#options.client.request(found, write, (result) => {
      this.#asked.delete(key);
      // Whatever it answers, it is there.
      if (result.kind === 'answered') this.#options.alive(flow);
      else this.#options.count('keepalive_unanswered');
    });
  }
}

/** An OPTIONS outside every dialog (RFC 3261 §11.1): the numbers of the subscription are left alone. */
function optionsText(dialog: Dialog, sentBy: SentBy, branch: ByteString): ByteString {
  const headers = [
    ...['via', `SIP/2.0/${sentBy.transport} ${sentBy.hostPort};rport;branch=${branch}`],
    ...['max-forwards', '70'],
    ...['from', `${dialog.localUri};tag=${randomBytes(4).toString('hex')}`],
    ...['to', dialog.remoteUri],
    ...['call-id', randomBytes(8).toString('hex')],
    ...['cseq', '1 OPTIONS'],
    ...['contact', `<${dialog.localTarget}>`],
  ];
  return serialize({ kind: 'request', method: 'OPTIONS', uri: dialog.remoteTarget, headers, body: '' });
}
