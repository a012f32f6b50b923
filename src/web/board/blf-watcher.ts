import { Subscriber, SubscriptionState, UserAgent, UserAgentState } from 'sip.js';
import { readDialogInfo } from '../../presence/seen-dialogs.ts';
import { lampOf } from '../../presence/seen-lamp.ts';
import type { LampStatus } from '../model/live.ts';
import { denialOf, keyFault, readBlfAnswer } from './blf-answer.ts';
import type { SipAccount } from './sip-account.ts';

/** What a watched key shows. Null: the server has not said it yet. */
export interface SeenLamp {
  readonly status: LampStatus | null;
  /** NOTIFYs of this subscription. */
  readonly notifies: number;
  /** Why there is no subscription; null: there is one, or it is on its way. */
  readonly fault: string | null;
}

const EXPIRES_SECONDS = 600;
/** Which of several dialogs the key shows; our server sends one. */
const ORDER = ['early', 'confirmed', 'proceeding', 'trying', 'terminated'] as const;

interface BlfOptions {
  /** `ws://host:port` of the SIP edge. */
  readonly server: string;
  readonly realm: string;
  /** Null: the server wants no password. */
  readonly account: SipAccount | null;
  readonly onLamp: (id: string, lamp: SeenLamp) => void;
  readonly onConnected: (isConnected: boolean) => void;
  /** The server does not take the account: nothing more is asked of it. */
  readonly onDenied: (reason: string) => void;
}

/** A SIP watcher in the browser: it subscribes like a desk phone, over WebSocket (RFC 7118, RFC 6665). */
export class BlfWatcher {
  readonly #options: BlfOptions;
  readonly #agent: UserAgent;
  readonly #keys = new Map<string, Subscriber>();
  readonly #lamps = new Map<string, SeenLamp>();
  /** The last status of an answer for each key. */
  readonly #answers = new Map<string, number>();
  /** Whether the server has taken the account. Until then one key is asked for: a wrong password is tried once. */
  #isWelcome: boolean;

  constructor(options: BlfOptions) {
    const { server, realm, account, onConnected } = options;
    this.#options = options;
    this.#isWelcome = account === null;
    this.#agent = new UserAgent({
      uri: addressOf(account?.user ?? 'web-blf', realm),
      ...(account !== null && {
        authorizationUsername: account.user,
        authorizationPassword: account.password,
      }),
      transportOptions: { server, traceSip: false, keepAliveInterval: 30 },
      logLevel: 'error',
      userAgentString: 'Lamplighter web BLF',
      reconnectionAttempts: 0,
      delegate: {
        onConnect: () => {
          onConnected(true);
          this.#isWelcome = account === null;
          for (const id of this.#keys.keys()) this.#prepare(id);
          this.#ask();
        },
        onDisconnect: (error) => {
          onConnected(false);
          if (error !== undefined) this.#reconnectLater();
        },
      },
    });
  }

  start(): void {
    this.#overhear();
    this.#agent.start().catch(() => {
      this.#options.onConnected(false);
      this.#reconnectLater();
    });
  }

  /** Watches exactly these IDs from now on. */
  watch(ids: readonly string[]): void {
    for (const [id, key] of this.#keys) {
      if (ids.includes(id)) continue;
      this.#keys.delete(id);
      this.#lamps.delete(id);
      this.#end(key);
    }
    for (const id of ids) if (!this.#keys.has(id)) this.#prepare(id);
    this.#ask();
  }

  async stop(): Promise<void> {
    for (const key of this.#keys.values()) this.#end(key);
    this.#keys.clear();
    await this.#agent.stop().catch(() => undefined);
  }

  /** sip.js does not say with what a SUBSCRIBE was refused, so the answers are read beside it. */
  #overhear(): void {
    const { transport } = this.#agent;
    const receive = transport.onMessage;
    transport.onMessage = (message) => {
      const answer = readBlfAnswer(message);
      if (answer !== null) this.#answers.set(answer.id, answer.status);
      receive?.(message);
    };
  }

  /** Sends the SUBSCRIBEs that may go now. */
  #ask(): void {
    if (!this.#agent.isConnected()) return;
    const keys = [...this.#keys];
    const isAsking = keys.some(([, { state }]) => state === SubscriptionState.NotifyWait);
    const waiting = keys.filter(([, { state }]) => state === SubscriptionState.Initial);
    const most = this.#isWelcome ? waiting.length : isAsking ? 0 : 1;
    for (const [id, key] of waiting.slice(0, most))
      key.subscribe().catch((error: unknown) => this.#fail(id, String(error)));
  }

  #prepare(id: string): void {
    const options = { expires: EXPIRES_SECONDS, extraHeaders: ['Accept: application/dialog-info+xml'] };
    const key = new Subscriber(this.#agent, addressOf(id, this.#options.realm), 'dialog', options);
    this.#keys.set(id, key);
    this.#show(id, { status: null, notifies: 0, fault: null });
    key.delegate = {
      onNotify: (notification) => {
        void notification.accept();
        if (this.#keys.get(id) === key) this.#hear(id, notification.request.body);
      },
    };
    key.stateChange.addListener((state) => {
      if (state === SubscriptionState.Terminated && this.#keys.get(id) === key) this.#refused(id);
    });
  }

  #refused(id: string): void {
    const status = this.#answers.get(id);
    const denial = this.#options.account === null ? null : denialOf(status);
    if (denial === null) {
      this.#fail(id, keyFault(status));
      this.#welcomed();
    } else this.#options.onDenied(denial);
  }

  /** The server knows us: now all keys may be asked for. */
  #welcomed(): void {
    if (this.#isWelcome) return;
    this.#isWelcome = true;
    this.#ask();
  }

  #hear(id: string, body: string): void {
    const dialogs = readDialogInfo(body);
    if (dialogs === null) return;
    const notifies = (this.#lamps.get(id)?.notifies ?? 0) + 1;
    this.#show(id, { status: lampOf(dialogs, ORDER).lamp, notifies, fault: null });
    this.#welcomed();
  }

  #fail(id: string, fault: string): void {
    if (this.#agent.state === UserAgentState.Stopped) return;
    this.#show(id, { status: null, notifies: this.#lamps.get(id)?.notifies ?? 0, fault });
  }

  #show(id: string, lamp: SeenLamp): void {
    this.#lamps.set(id, lamp);
    this.#options.onLamp(id, lamp);
  }

  #end(key: Subscriber): void {
    if (key.state === SubscriptionState.Subscribed) void key.unsubscribe();
    else void key.dispose();
  }

  #reconnectLater(): void {
    setTimeout(() => {
      if (this.#agent.state !== UserAgentState.Stopped)
        void this.#agent.reconnect().catch(() => this.#reconnectLater());
    }, RECONNECT_MS);
  }
}

const RECONNECT_MS = 3000;

function addressOf(user: string, realm: string) {
  const uri = UserAgent.makeURI(`sip:${encodeURIComponent(user)}@${realm}`);
  if (uri === undefined) throw new TypeError(`Cannot watch "${user}": it makes no SIP address`);
  return uri;
}
