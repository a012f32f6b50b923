import type { Notify, NotifyResult, NotifySlot } from '../../ports/edge.ts';
import type { ClientTransactions } from './client-transactions.ts';
import type { EdgeCount } from './inbound.ts';
import { NotifyHead, notifyOctets, notifyText, type SentBy } from './notify-head.ts';
import type { Connection } from './path.ts';
import type { PhoneStreams } from './phone-streams.ts';

/** RFC 3261 §18.1.1: a larger request must not go in a datagram where the path MTU is not known. */
const DATAGRAM_OCTETS = 1300;

const UNREACHABLE: NotifyResult = Object.freeze({ kind: 'unreachable' });

/** What large NOTIFYs need. */
export interface LargeNotifyOptions {
  readonly client: ClientTransactions;
  readonly streams: PhoneStreams;
  /** The sent-by of our Via for a subscription, on its own way or on a stream. */
  sentBy(slot: NotifySlot, stream: Connection | null): SentBy;
  settled(slot: NotifySlot, result: NotifyResult): void;
  count(name: EdgeCount): void;
}

/** Whether a NOTIFY is too large for the datagram that its way means. */
export function isTooLarge(head: NotifyHead, notify: Notify): boolean {
  return head.found?.path.reliable === false && notifyOctets(head, notify) > DATAGRAM_OCTETS;
}

/**
 * The NOTIFYs that are too large for a datagram. They take a stream of the same phone if there is one; else they are
 * written in compact form, and with the brief body if that is not enough. What is too large even then is sent all the same:
 * phones put fragments together more often than they listen on TCP without being asked.
 */
export class LargeNotifies {
  readonly #options: LargeNotifyOptions;

  constructor(options: LargeNotifyOptions) {
    this.#options = options;
  }

  send(slot: NotifySlot, head: NotifyHead, notify: Notify): void {
    const connection = head.shunsStreams ? null : this.#options.streams.of(slot.record);
    if (connection === null) this.#sendCompact(slot, head, notify);
    else this.#sendOnStream(slot, notify, { head, connection });
  }

  /** RFC 3261 §18.1.1: the Via names the transport that is really taken; the answer comes on the same stream. */
  #sendOnStream(slot: NotifySlot, notify: Notify, to: { head: NotifyHead; connection: Connection }): void {
    const { head, connection } = to;
    const { client, sentBy, settled, count } = this.#options;
    count('notify_on_stream');
    if (head.onStream?.connection !== connection) {
      const onStream = new NotifyHead(slot.record, head.hop, sentBy(slot, connection));
      head.onStream = { connection, head: onStream };
    }
    const { head: written } = head.onStream;
    client.request(
      { path: connection, connection },
      (branch) => notifyText(written, branch, notify),
      (result) => {
        const taken = result.kind === 'answered' && result.status < 300;
        // It may not be the phone after all: what it says ends nothing, and the next try goes the way of the dialog.
        head.shunsStreams = !taken;
        settled(slot, taken ? result : UNREACHABLE);
      },
    );
  }

  #sendCompact(slot: NotifySlot, head: NotifyHead, notify: Notify): void {
    const { client, count, sentBy } = this.#options;
    head.compact ??= new NotifyHead(slot.record, head.hop, sentBy(slot, null), 'compact');
    const { compact } = head;
    compact.found = head.found;
    const { brief = notify.body } = notify;
    const written = notifyOctets(compact, notify) > DATAGRAM_OCTETS ? { ...notify, body: brief } : notify;
    count(notifyOctets(compact, written) > DATAGRAM_OCTETS ? 'notify_oversize' : 'notify_compact');
    client.send(slot, compact, written);
  }
}
