import type { Clock } from '../../ports/clock.ts';
import type { Flow, Notify, NotifyResult, NotifySlot } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { type DialogUsages, dialogKey } from './dialog-usages.ts';
import type { DrachtioCount } from './edge-count.ts';
import { bareAddress } from './listen-points.ts';
import { ALONE_OCTETS, START_LINE_OCTETS } from './message-size.ts';
import { AWAY, isLocal, notifyOutcome, TIMEOUT, TOO_LARGE, UNREACHABLE } from './notify-outcome.ts';
import { notifyInDialog, notifyOutOfDialog } from './notify-request.ts';
import type { ServerLink } from './server-link.ts';
import { cacheOf } from './slot-cache.ts';
import type { SrfOutgoing, SrfSent } from './srf.ts';
import { octetsOf, startLineOf, writeRequest } from './write-request.ts';

/**
 * ms after which a NOTIFY is given up: drachtio-srf loses callbacks. A little more than 64*T1, after which
 * drachtio-server itself gives up.
 */
const OVERDUE_MS = 36_000;

/** CSeqs that drachtio-server may have used at the very start of a dialog without our hearing of them. */
const UNHEARD_NUMBERS = 16;

/** s for which a connection that drachtio-server took is avoided: an entry of its cache lives as long as an Expires. */
const LEARNED_SECONDS = 3600;

/** One NOTIFY between `notify` and `settled`. */
interface Flight {
  readonly slot: NotifySlot;
  readonly notify: Notify;
  readonly link: ServerLink;
  readonly deadline: number;
  settled: boolean;
}

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
export class NotifyDesk {
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
    const flight = { slot, notify, link, deadline: clock.now() + OVERDUE_MS, settled: false };
    this.#flights.add(flight);
    if (this.#goesInDialog(slot, notify)) this.#sendInDialog(flight, slot.record.stack?.dialogId ?? '');
    else this.#sendOutOfDialog(flight, notify.cseq);
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

  #sendInDialog(flight: Flight, dialogId: string): void {
    const { slot, notify } = flight;
    if (notify.last) cacheOf(slot).freed = false;
    this.#send(flight, notifyInDialog(slot.record, notify, dialogId), {
      sent: (sent) => this.#numbered(flight, sent),
      refused: (error) => {
        if (error.code === 'ENODIALOG') this.#leaveDialog(flight);
        else this.#refuse(flight);
      },
      final: () => {
        // Every final response to a `terminated` NOTIFY frees the dialog, also one that drachtio-server makes.
        if (notify.last) cacheOf(slot).freed = true;
        return null;
      },
    });
  }

  #sendOutOfDialog(flight: Flight, cseq: number): void {
    const { slot, notify, link } = flight;
    const { cache, clock } = this.#options;
    const key = { server: link.name, target: slot.record.dialog.remoteTarget };
    if (cache.misleads(key, slot.record.flow, clock.now())) {
      this.#goAstray(flight);
      this.#finishLater(flight, UNREACHABLE);
      return;
    }
    let taken: Flow | null = null;
    this.#send(flight, notifyOutOfDialog(slot.record, notify, cseq), {
      sent: (sent) => {
        if (cseq !== notify.cseq) this.#numbered(flight, sent);
        taken = otherStream(slot.record, sent);
      },
      refused: () => this.#refuse(flight),
      final: (local) => {
        // Another phone has answered: what it said is not about this subscription.
        if (local || taken === null) return null;
        cache.learn(key, taken, { now: clock.now(), expires: LEARNED_SECONDS });
        this.#goAstray(flight);
        return UNREACHABLE;
      },
    });
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
    const { cseqCeiling, dialog } = slot.record;
    // It numbered from the SUBSCRIBE on, and its newest number may never have reached us.
    const used = Math.max(cseqCeiling, dialog.remoteCseq + UNHEARD_NUMBERS);
    this.#sendOutOfDialog(flight, Math.max(notify.cseq, used + 1));
  }

  #numbered(flight: Flight, sent: SrfSent): void {
    const cseq = Number.parseInt(sent.get('CSeq') ?? '', 10);
    if (!flight.settled && cseq >= 0) this.#options.numbered(flight.slot, cseq);
  }

  #refuse(flight: Flight): void {
    this.#options.count('refused');
    this.#finishLater(flight, UNREACHABLE);
  }

  #send(flight: Flight, request: SrfOutgoing, on: Outcomes): void {
    const octets = octetsOf(request);
    if (octets > ALONE_OCTETS || startLineOf(request).length > START_LINE_OCTETS) {
      this.#options.count('too_large');
      this.#finishLater(flight, TOO_LARGE);
      return;
    }
    flight.link.post({
      octets,
      write: () => {
        // It waited too long: there is nobody to tell any more.
        if (flight.settled) flight.link.received();
        else this.#write(flight, request, on);
      },
    });
  }

  #write(flight: Flight, request: SrfOutgoing, on: Outcomes): void {
    writeRequest(flight.link, request, (error, sent) => {
      if (error !== null) {
        if (!flight.settled) on.refused(error);
        return;
      }
      on.sent(sent);
      sent.on('response', (response) => {
        if (response.status < 200 || flight.settled) return;
        const instead = on.final(isLocal(response));
        this.#settle(flight, instead ?? notifyOutcome(response));
      });
    });
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

/** The connection that drachtio-server took for a NOTIFY, if it is not the one to the phone. */
function otherStream(
  { flow, dialog }: SubscriptionRecord,
  { protocol, source_address, source_port }: SrfSent,
): Flow | null {
  const remoteAddress = bareAddress(source_address);
  const isPhone = flow.remoteAddress === remoteAddress && flow.remotePort === source_port;
  // Towards a proxy of the route set any connection will do.
  if (protocol === 'udp' || isPhone || dialog.routeSet.length > 0) return null;
  return { ...flow, transport: 'tcp', remoteAddress, remotePort: source_port };
}

interface Outcomes {
  sent(sent: SrfSent): void;
  refused(error: { readonly code?: string }): void;
  /** A final response, `local` if drachtio-server made it itself. Gives a result that is to count instead of it. */
  final(local: boolean): NotifyResult | null;
}
