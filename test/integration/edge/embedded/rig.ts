import { afterEach } from 'vitest';
import type { EmbeddedOptions } from '../../../../src/edge/embedded/edge.ts';
import { Application, type Subscription } from '../../../contract/edge-application.ts';
import { makeTestEdge, type TestEdge } from '../../../support/embedded-edge.ts';
import { openPhone, type Phone, type PhoneOptions, type PhoneSubscription } from '../../../support/phone.ts';

export const RESOURCE = 'sip:1001@example.com';

/** A started edge with an application and phones; all is closed after the test. */
export interface Rig extends TestEdge {
  readonly app: Application;
  phone(options: Partial<PhoneOptions> & Pick<PhoneOptions, 'transport'>): Promise<Phone>;
  /** Subscribes the phone and lets the application accept. */
  subscribe(phone: Phone): Promise<[Subscription, PhoneSubscription]>;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Has `close` called after the test. */
export function closeAfterTest(close: () => Promise<void>): void {
  closing.push(close);
}

/** Starts an edge with `options`. */
export async function startRig(options: Partial<EmbeddedOptions> = {}): Promise<Rig> {
  const made = makeTestEdge(options);
  const app = new Application(made.edge);
  await made.edge.start(app);
  closeAfterTest(() => made.edge.stop());
  const phone: Rig['phone'] = async (wanted) => {
    const opened = await openPhone({ server: made.place(wanted.transport), ...wanted });
    closeAfterTest(() => opened.close());
    return opened;
  };
  const subscribe: Rig['subscribe'] = async (from) => {
    const answer = from.subscribe(RESOURCE);
    const subscription = app.accept(await app.requests.next());
    return [subscription, await answer];
  };
  return { ...made, app, phone, subscribe };
}

/**
 * A subscription of a phone that has closed its connection but listens at its Contact. Another edge is its listening
 * side: that hands over a NOTIFY like any request.
 */
export async function subscribeOnceAndListen(
  rig: Rig,
  transport: 'tcp' | 'tls',
  options: Partial<EmbeddedOptions> = {},
): Promise<{ readonly subscription: Subscription; readonly listener: Rig }> {
  const listener = await startRig(options);
  listener.app.onRequest = (request) => listener.edge.respond(request, { status: 200, headers: [] });
  const contact = `sip:1009@127.0.0.1:${listener.place(transport).port};transport=${transport}`;
  const phone = await rig.phone({ transport, contact });
  const [subscription] = await rig.subscribe(phone);
  await phone.close();
  await rig.app.closings.next();
  return { subscription, listener };
}
