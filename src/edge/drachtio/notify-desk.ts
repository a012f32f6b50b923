import type { Clock } from '../../ports/clock.ts';
import type { Flow, Notify, NotifyResult, NotifySlot } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { ByteString } from '../../sip/message.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { type DialogUsages, dialogKey } from './dialog-usages.ts';
import type { DrachtioCount } from './edge-count.ts';
import { Flight, type FlightDesk } from './flight.ts';
import { bareAddress } from './listen-points.ts';
import { ALONE_OCTETS, START_LINE_OCTETS } from './message-size.ts';
import { AWAY, notifyOutcome, TIMEOUT, TOO_LARGE, UNREACHABLE } from './notify-outcome.ts';
import { headInDialog, headOutOfDialog, notifyText, startLineOctets } from './request-text.ts';
import type { ServerLink } from './server-link.ts';
import { isLocal, type SentTo, sentCseqOf, sentToOf } from './server-message.ts';
import { cacheOf } from './slot-cache.ts';

/**
 * ms after which a NOTIFY is given up. A little more than 64*T1, after which drachtio-server itself gives up: only
 * what it has lost comes to this.
 */
const OVERDUE_MS = 36_000;

/** CSeqs that drachtio-server may have used at the very start of a dialog without our hearing of them. */
const UNHEARD_NUMBERS = 16;

/** s for which a connection that drachtio-server took is avoided: an entry of its cache lives as long as an Expires. */
const LEARNED_SECONDS = 3600;

/** What drachtio-server says when it does not know a dialog. */
const NO_DIALOG = 'unable to find dialog';

export interface NotifyDeskOptions {
  readonly clock: Clock;
  count(name: DrachtioCount): void;
  readonly usages: DialogUsages;
  readonly cache: ConnectionCache;
  settled(slot: NotifySlot, result: NotifyResult): void;
  numbered(slot: NotifySlot, cseq: number): void;
  /** The link of a server by its name; any that is ready for a server that is not configured any more. */
  linkOf(server: string | null): ServerLink | null;
}

/** Sends NOTIFYs through drachtio-server, inside its dialogs where it has them, and tells how each one ended. */
export class NotifyDesk implements FlightDesk {
  readonly #options: NotifyDeskOptions;
  /** In the order of their deadlines. */
  readonly #flights = new Set<Flight>();

  constructor(options: NotifyDeskOptions) {
    this.#options = options;
  }

  notify(slot: NotifySlot, notify: Notify): void {
    const { clock, linkOf } = this.#options;
    const link = linkOf(slot.record.stack?.server ?? null);
    if (link === null || !link.ready) {
      this.#settleLater(slot, AWAY);
      return;
    }
    const flight = new Flight(this, { slot, notify, link, deadline: clock.now() + OVERDUE_MS });
    this.#flights.add(flight);
    if (this.#goesInDialog(slot, notify)) this.#sendInDialog(flight);
    else this.#sendOutOfDialog(flight, Math.max(notify.cseq, lastUnheard(slot.record) + 1));
  }

  sent(flight: Flight, echo: ByteString): void {
    if (flight.inDialog || flight.cseq !== flight.notify.cseq) this.#numbered(flight, echo);
    if (!flight.inDialog) flight.taken = otherStream(flight.slot.record, sentToOf(echo));
  }

  refused(flight: Flight, reason: string): void {
    if (flight.inDialog && reason.includes(NO_DIALOG)) {
      this.#leaveDialog(flight);
      return;
    }
    this.#options.count('refused');
    this.#finishLater(flight, UNREACHABLE);
  }

  answered(flight: Flight, response: ByteString): void {
    // Every final response to a `terminated` NOTIFY frees the dialog, also one that drachtio-server makes.
    if (flight.inDialog && flight.notify.last) cacheOf(flight.slot).freed = true;
    const { taken } = flight;
    const isAstray = taken !== null && !isLocal(response);
    if (isAstray) this.#learn(flight, taken);
    this.#settle(flight, isAstray ? UNREACHABLE : notifyOutcome(response));
  }

  /** The connection to the server is lost, and with it every answer. */
  lost(link: ServerLink): void {
    for (const flight of [...this.#flights]) {
      if (flight.link === link) this.#settle(flight, AWAY);
    }
  }

  /** Gives up what is overdue. */
  tick(): void {
    const now = this.#options.clock.now();
    for (const flight of this.#flights) {
      if (flight.deadline > now) return;
      this.#options.count('overdue');
      this.#settle(flight, TIMEOUT);
    }
  }

  /** Nothing is settled any more. */
  stop(): void {
    for (const flight of this.#flights) flight.settled = true;
    this.#flights.clear();
  }

  /** The last NOTIFY of one of several subscriptions in a dialog stays outside: inside it would end them all. */
  #goesInDialog(slot: NotifySlot, notify: Notify): boolean {
    const { stack, dialog } = slot.record;
    if (stack === null || !stack.inDialog || cacheOf(slot).outOfDialog) return false;
    const key = dialogKey(stack);
    const { usages } = this.#options;
    return usages.owns(key, dialog.localTag) && !(notify.last && usages.isShared(key));
  }

  #sendInDialog(flight: Flight): void {
    const { slot, notify } = flight;
    const cache = cacheOf(slot);
    if (notify.last) cache.freed = false;
    cache.inside ??= headInDialog(slot.record, slot.record.stack?.dialogId ?? '');
    flight.inDialog = true;
    this.#send(flight, cache.inside, notify.cseq);
  }

  #sendOutOfDialog(flight: Flight, cseq: number): void {
    const { slot } = flight;
    const cache = cacheOf(slot);
    if (this.#misleads(flight)) {
      this.#goAstray(flight);
      this.#finishLater(flight, UNREACHABLE);
      return;
    }
    cache.outside ??= headOutOfDialog(slot.record);
    flight.inDialog = false;
    this.#send(flight, cache.outside, cseq);
  }

  #misleads({ slot, link }: Flight): boolean {
    const { cache, clock } = this.#options;
    const { dialog, flow } = slot.record;
    return cache.misleads({ server: link.name, target: dialog.remoteTarget }, flow, clock.now());
  }

  /** Another phone has answered, on a connection that drachtio-server took: what it said is not about this subscription. */
  #learn(flight: Flight, taken: Flow): void {
    const { cache, clock } = this.#options;
    const key = { server: flight.link.name, target: flight.slot.record.dialog.remoteTarget };
    cache.learn(key, taken, { now: clock.now(), expires: LEARNED_SECONDS });
    this.#goAstray(flight);
  }

  #goAstray({ slot }: Flight): void {
    this.#options.count('misrouted');
    if (slot.record.stack !== null) this.#options.usages.goAstray(dialogKey(slot.record.stack));
  }

  /** drachtio-server has restarted: the same NOTIFY goes outside, above every CSeq that may have been used inside. */
  #leaveDialog(flight: Flight): void {
    const { slot, notify } = flight;
    this.#options.count('dialog_lost');
    cacheOf(slot).outOfDialog = true;
    cacheOf(slot).freed = null;
    const used = Math.max(slot.record.cseqCeiling, lastUnheard(slot.record));
    this.#sendOutOfDialog(flight, Math.max(notify.cseq, used + 1));
  }

  #numbered(flight: Flight, echo: ByteString): void {
    const cseq = sentCseqOf(echo);
    if (cseq >= 0) this.#options.numbered(flight.slot, cseq);
  }

  #send(flight: Flight, head: ByteString, cseq: number): void {
    const text = notifyText(head, flight.notify, cseq);
    flight.cseq = cseq;
    flight.load(text);
    if (flight.octets > ALONE_OCTETS || startLineOctets(text) > START_LINE_OCTETS) {
      this.#options.count('too_large');
      this.#finishLater(flight, TOO_LARGE);
      return;
    }
    flight.link.send(flight);
  }

  #settle(flight: Flight, result: NotifyResult): void {
    if (flight.settled) return;
    flight.settled = true;
    this.#flights.delete(flight);
    this.#options.settled(flight.slot, result);
  }

  #finishLater(flight: Flight, result: NotifyResult): void {
    flight.settled = true;
    this.#flights.delete(flight);
    this.#settleLater(flight.slot, result);
  }

  /** `settled` never comes during `notify`. */
  #settleLater(slot: NotifySlot, result: NotifyResult): void {
    setImmediate(() => this.#options.settled(slot, result));
  }
}

/** drachtio-server numbers from the SUBSCRIBE on, and what it used last may never have reached us. */
function lastUnheard({ dialog }: SubscriptionRecord): number {
  return dialog.remoteCseq + UNHEARD_NUMBERS;
}

/** The connection that drachtio-server took for a NOTIFY, if it is not the one to the phone. */
function otherStream({ flow, dialog }: SubscriptionRecord, { protocol, address, port }: SentTo): Flow | null {
  const remoteAddress = bareAddress(address);
  const isPhone = flow.remoteAddress === remoteAddress && flow.remotePort === port;
  // Towards a proxy of the route set any connection will do.
  if (protocol === 'udp' || isPhone || dialog.routeSet.length > 0) return null;
  return { ...flow, transport: 'tcp', remoteAddress, remotePort: port };
}
