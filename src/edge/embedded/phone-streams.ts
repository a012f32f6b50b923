import type { IncomingRequest } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { listOf } from '../../sip/list.ts';
import { type ByteString, headerOf } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { parseUri } from '../../sip/uri.ts';
import { addressOfHost } from './address.ts';
import type { Connection } from './path.ts';

/** Phones that are remembered of one stream at most: a proxy may stand for any number. */
const PHONES_PER_STREAM = 16;

/**
 * The streams on which phones have subscribed, found by which phone it is. A phone is the same when all of this is:
 * the address it is heard from, its AOR, and its `+sip.instance`; or, without one, user and host of its Contact.
 * A host that is the address it is heard from may stand for a whole network behind NAT: then the port counts too.
 */
export class PhoneStreams {
  readonly #byPhone = new Map<string, Connection>();
  readonly #phonesOf = new Map<Connection, Set<string>>();

  /** A SUBSCRIBE was accepted that came on a stream. */
  learn({ message, flow }: IncomingRequest, connection: Connection): void {
    const contact = parseNameAddr(listOf(message, 'contact')[0] ?? '');
    const from = parseNameAddr(headerOf(message, 'from') ?? '');
    if (contact === null || from === null || headerOf(message, 'record-route') !== null) return;
    const instance = paramOf(contact.params, '+sip.instance') ?? null;
    const phone = phoneKey(flow.remoteAddress, { aor: from.uri, contact: contact.uri, instance });
    const phones = this.#phonesOf.get(connection) ?? new Set();
    if (phone === null || (phones.size >= PHONES_PER_STREAM && !phones.has(phone))) return;
    this.#phonesOf.set(connection, phones.add(phone));
    this.#byPhone.set(phone, connection);
  }

  /** The open stream of the phone of this subscription, or null. Never for a phone behind proxies. */
  of({ dialog, flow, instance }: SubscriptionRecord): Connection | null {
    if (this.#byPhone.size === 0 || dialog.routeSet.length > 0) return null;
    const aor = parseNameAddr(dialog.remoteUri)?.uri ?? '';
    const phone = phoneKey(flow.remoteAddress, { aor, contact: dialog.remoteTarget, instance });
    const connection = phone === null ? undefined : this.#byPhone.get(phone);
    return connection?.open === true ? connection : null;
  }

  /** The stream is closed. */
  drop(connection: Connection): void {
    for (const phone of this.#phonesOf.get(connection) ?? []) {
      if (this.#byPhone.get(phone) === connection) this.#byPhone.delete(phone);
    }
    this.#phonesOf.delete(connection);
  }
}

interface Marks {
  readonly aor: ByteString;
  /** The URI of Contact. */
  readonly contact: ByteString;
  readonly instance: ByteString | null;
}

/** Null when nothing that was said tells one phone from another. */
function phoneKey(remoteAddress: string, { aor, contact, instance }: Marks): string | null {
  const who = parseUri(aor);
  const where = parseUri(contact);
  if (who === null || where === null) return null;
  const account = `${remoteAddress} ${who.user}@${who.host.toLowerCase()}`;
  if (instance !== null) return `${account} ${instance}`;
  const address = addressOfHost(where.host);
  if (address === null) return null;
  const port = address === remoteAddress ? `:${where.port ?? 5060}` : '';
  return `${account} ${where.user}@${address}${port}`;
}
