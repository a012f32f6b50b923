import { afterEach, beforeEach, expect } from 'vitest';
import type { DrachtioEdgeOptions } from '../../../../src/edge/drachtio/drachtio-edge.ts';
import type { DrachtioCount } from '../../../../src/edge/drachtio/edge-count.ts';
import type { Edge } from '../../../../src/ports/edge.ts';
import { Application, type Subscription } from '../../../contract/edge-application.ts';
import { type DrachtioTarget, makeEdge, openTarget } from '../../../support/drachtio-target.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { openPhone, type Phone, type PhoneOptions, type PhoneSubscription } from '../../../support/phone.ts';

export const RESOURCE = 'sip:1001@example.com';

/** The smallest application, which also hears that the edge is back. */
export class DrachtioApplication extends Application {
  readonly restorations = new Mailbox<true>('restored edge');

  override restored(): void {
    this.restorations.push(true);
  }
}

/** An edge with its application, started on one or more servers. */
export interface App {
  readonly edge: Edge;
  readonly app: DrachtioApplication;
  readonly counts: ReadonlyMap<DrachtioCount, number>;
}

/** Everything that a test opens, closed in one go. */
export class Rig {
  readonly target: DrachtioTarget;
  readonly #phones: Phone[] = [];
  readonly #apps: App[] = [];

  constructor(target: DrachtioTarget) {
    this.target = target;
  }

  /** One more application on the server. */
  async startApp(options: Partial<DrachtioEdgeOptions> = {}): Promise<App> {
    const { edge, counts } = makeEdge(options.servers ?? [this.target.server], options);
    const app = new DrachtioApplication(edge);
    this.#apps.push({ edge, app, counts });
    await edge.start(app);
    return { edge, app, counts };
  }

  async phone(transport: 'udp' | 'tcp', options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await openPhone({ transport, server: this.target.sip, ...options });
    this.#phones.push(phone);
    return phone;
  }

  async close(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()));
    await Promise.all(this.#apps.map(({ edge }) => edge.stop()));
    await this.target.close();
  }
}

export async function openRig(): Promise<Rig> {
  return new Rig(await openTarget());
}

/** Opens a rig with one application before each test, hands both over, and closes all after the test. */
export function eachRig(use: (rig: Rig, one: App) => void): void {
  let rig: Rig;
  beforeEach(async () => {
    rig = await openRig();
    use(rig, await rig.startApp());
  });
  afterEach(() => rig.close());
}

/** A phone whose SUBSCRIBE the application has answered with 200. */
export async function subscribed(
  { app }: Pick<App, 'app'>,
  phone: Phone,
): Promise<[Subscription, PhoneSubscription]> {
  const answer = phone.subscribe(RESOURCE);
  const subscription = app.accept(await app.requests.next());
  return [subscription, await answer];
}

/** A refresh that the application accepts. */
export async function refreshed(
  { app }: Pick<App, 'app'>,
  subscription: Subscription,
  heard: PhoneSubscription,
): Promise<void> {
  const answer = heard.refresh(600);
  app.refresh(subscription, await app.requests.next());
  await answer;
}

/** The name of a subscription's dialog in drachtio-server. */
export function dialogOf({ record }: Subscription): string {
  return record.stack?.dialogId ?? '';
}

/** Waits until a value is as expected, for 5 s at most: `await eventually(() => x).toBe(1)`. */
export function eventually<T>(value: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(value, { timeout: 5000, interval: 20 });
}

/** A body of so many octets. */
export function bodyOf(octets: number): string {
  return 'x'.repeat(octets);
}
