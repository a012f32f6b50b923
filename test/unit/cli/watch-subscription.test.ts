import { describe, expect, test } from 'vitest';
import { WatchSubscription } from '../../../src/cli/watch/watch-subscription.ts';
import { headerOf, type SipMessage, type SipRequest, type SipResponse } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';

const ORDER = ['early', 'confirmed', 'proceeding', 'trying', 'terminated'] as const;

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A subscription with a server that is played by the test, and a clock that the test moves. */
class Scene {
  readonly sent: SipMessage[] = [];
  readonly lamps: string[] = [];
  readonly notices: string[] = [];
  over: string | null | undefined;
  readonly subscription: WatchSubscription;
  #now = 0;
  #tokens = 0;
  #notifyCseq = 0;
  readonly #timers = new Set<Timer>();

  constructor(expires = 600) {
    this.subscription = new WatchSubscription({
      uri: 'sip:1001@192.0.2.1',
      local: { address: '192.0.2.9', port: 5070 },
      expires,
      order: ORDER,
      newToken: () => {
        this.#tokens += 1;
        return `t${this.#tokens}`;
      },
      send: (text) => void this.sent.push(messageIn(text)),
      after: (ms, task) => this.#after(ms, task),
      lamp: ({ lamp }) => void this.lamps.push(lamp),
      notice: (text) => void this.notices.push(text),
      over: (why) => {
        this.over = why;
      },
    });
    this.subscription.start();
  }

  get requests(): readonly SipRequest[] {
    return this.sent.filter((message) => message.kind === 'request');
  }

  get last(): SipRequest {
    return this.requests.at(-1) as SipRequest;
  }

  /** Moves the clock and fires what is due, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.task();
    }
    this.#now = end;
  }

  /** Answers the last SUBSCRIBE. */
  answer(status: number, headers: readonly string[] = []): void {
    const { last } = this;
    const to = `${headerOf(last, 'to')}${headerOf(last, 'to')?.includes(';tag=') ? '' : ';tag=server'}`;
    const echoed = ['via', 'from', 'call-id', 'cseq'].flatMap((name) => [name, headerOf(last, name) ?? '']);
    const response: SipResponse = {
      kind: 'response',
      status,
      reason: '',
      headers: [...echoed, 'to', to, ...headers],
      body: '',
    };
    this.subscription.hear(response);
  }

  accept(expires = 600): void {
    this.answer(200, ['contact', '<sip:192.0.2.1:5060>', 'expires', String(expires)]);
  }

  /** Sends a NOTIFY with one dialog; gives whether it was taken. */
  notify(state: string, options: { cseq?: number; subscriptionState?: string; tag?: string } = {}): boolean {
    const [subscribe] = this.requests.filter(
      (one) => headerOf(one, 'call-id') === headerOf(this.last, 'call-id'),
    );
    const from = headerOf(subscribe as SipRequest, 'from') ?? '';
    this.#notifyCseq += 1;
    const headers = [
      ...['via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKn', 'from', '<sip:1001@192.0.2.1>;tag=server'],
      ...[
        'to',
        options.tag === undefined ? from : `<sip:x@y>;tag=${options.tag}`,
        'call-id',
        headerOf(this.last, 'call-id') ?? '',
      ],
      ...['cseq', `${options.cseq ?? this.#notifyCseq} NOTIFY`],
      ...['subscription-state', options.subscriptionState ?? 'active;expires=600'],
    ];
    const body = `<dialog-info><dialog id="d"><state>${state}</state></dialog></dialog-info>`;
    return this.subscription.hear({
      kind: 'request',
      method: 'NOTIFY',
      uri: 'sip:watch@192.0.2.9',
      headers,
      body,
    });
  }

  #after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + ms, task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}

function messageIn(text: string): SipMessage {
  const result = parseMessage(text);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.message;
}

describe('a watched presence ID', () => {
  test('is subscribed to with Event dialog, and shown as its NOTIFYs say', () => {
    const scene = new Scene();
    expect(scene.last).toMatchObject({ method: 'SUBSCRIBE', uri: 'sip:1001@192.0.2.1' });
    expect(headerOf(scene.last, 'event')).toBe('dialog');
    scene.accept();
    for (const state of ['terminated', 'confirmed', 'early']) expect(scene.notify(state)).toBe(true);
    expect(scene.lamps).toEqual(['idle', 'busy', 'ringing']);
    expect(scene.sent.filter((message) => message.kind === 'response').map((one) => one.status)).toEqual([
      200, 200, 200,
    ]);
  });

  test('a NOTIFY that comes before the 2xx counts (RFC 6665 §4.1.2.4)', () => {
    const scene = new Scene();
    scene.notify('confirmed');
    scene.accept();
    expect(scene.lamps).toEqual(['busy']);
  });

  test('a retransmitted or late NOTIFY is answered and not shown', () => {
    const scene = new Scene();
    scene.accept();
    scene.notify('confirmed', { cseq: 7 });
    scene.notify('confirmed', { cseq: 7 });
    scene.notify('early', { cseq: 6 });
    expect(scene.lamps).toEqual(['busy']);
    expect(scene.sent.filter((message) => message.kind === 'response')).toHaveLength(3);
  });

  test('a NOTIFY of another dialog is left to others', () => {
    const scene = new Scene();
    scene.accept();
    expect(scene.notify('confirmed', { tag: 'other' })).toBe(false);
    expect(scene.lamps).toEqual([]);
  });

  test('is refreshed in the dialog, to the Contact of the server, before it expires', () => {
    const scene = new Scene();
    scene.accept(100);
    scene.pass(79_000);
    expect(scene.requests).toHaveLength(1);
    scene.pass(2000);
    expect(scene.last.uri).toBe('sip:192.0.2.1:5060');
    expect(headerOf(scene.last, 'to')).toContain(';tag=server');
    expect(headerOf(scene.last, 'cseq')).toBe('2 SUBSCRIBE');
  });

  test('the SUBSCRIBE is repeated by Timer E and given up by Timer F (RFC 3261 §17.1.2.2)', () => {
    const scene = new Scene();
    scene.pass(500 + 1000 + 2000);
    expect(scene.requests).toHaveLength(4);
    expect(new Set(scene.requests.map((one) => headerOf(one, 'via'))).size).toBe(1);
    scene.pass(32_000);
    expect(scene.over).toBe('the server does not answer');
  });

  test('a refusal ends it with its status', () => {
    const scene = new Scene();
    scene.answer(404);
    expect(scene.over).toBe('the server answered 404 Not Found');
  });

  test('423 is followed by the interval that it names (RFC 6665 §4.1.2.1)', () => {
    const scene = new Scene(30);
    scene.answer(423, ['min-expires', '60']);
    expect(headerOf(scene.last, 'expires')).toBe('60');
    scene.accept();
    expect(scene.over).toBeUndefined();
  });

  test('503 with Retry-After is waited out', () => {
    const scene = new Scene();
    scene.answer(503, ['retry-after', '3']);
    expect(scene.notices).toEqual(['the server answered 503 Service Unavailable, subscribing again in 3 s']);
    scene.pass(3000);
    expect(scene.requests).toHaveLength(2);
  });

  test('481 to a refresh begins a new dialog at once (RFC 6665 §4.1.2.2)', () => {
    const scene = new Scene();
    scene.accept(100);
    scene.pass(80_000);
    scene.answer(481);
    scene.pass(0);
    expect(headerOf(scene.last, 'call-id')).not.toBe(headerOf(scene.requests[0] as SipRequest, 'call-id'));
    expect(headerOf(scene.last, 'to')).toBe('<sip:1001@192.0.2.1>');
  });

  test.each([
    ['terminated;reason=deactivated', 0],
    ['terminated;reason=probation;retry-after=7', 7],
    ['terminated', 5],
  ])('%s brings it back after %i s (RFC 6665 §4.1.3)', (subscriptionState, seconds) => {
    const scene = new Scene();
    scene.accept();
    scene.notify('terminated', { subscriptionState });
    scene.pass(seconds * 1000 - 1);
    expect(scene.requests).toHaveLength(1);
    scene.pass(1);
    expect(scene.requests).toHaveLength(2);
  });

  test('terminated;reason=noresource ends it for good (RFC 6665 §4.1.3)', () => {
    const scene = new Scene();
    scene.accept();
    scene.notify('terminated', { subscriptionState: 'terminated;reason=noresource' });
    expect(scene.over).toBe('the server ended the subscription (noresource)');
  });

  test('end() unsubscribes and waits for the last NOTIFY (RFC 6665 §4.1.2.3)', () => {
    const scene = new Scene();
    scene.accept();
    scene.subscription.end();
    expect(headerOf(scene.last, 'expires')).toBe('0');
    scene.accept(0);
    expect(scene.over).toBeUndefined();
    scene.notify('terminated', { subscriptionState: 'terminated;reason=timeout' });
    expect(scene.over).toBeNull();
    expect(scene.sent.at(-1)).toMatchObject({ kind: 'response', status: 200 });
  });

  test('end() waits 2 s at most for a last NOTIFY that does not come', () => {
    const scene = new Scene();
    scene.accept();
    scene.subscription.end();
    scene.accept(0);
    scene.pass(2000);
    expect(scene.over).toBeNull();
  });
});
