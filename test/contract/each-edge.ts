import { afterEach, beforeEach } from 'vitest';
import { openPhone, type Phone, type PhoneOptions } from '../support/phone.ts';
import type { WireTransport } from '../support/phone-wire.ts';
import type { EdgeRig } from './edge.ts';
import { Application } from './edge-application.ts';

/** Opens a phone, which is closed after the test. */
export type PhoneOn = (transport: WireTransport, options?: Partial<PhoneOptions>) => Promise<Phone>;

/** Starts a new edge before each test, hands it over with its application, and closes all after the test. */
export function eachEdge(
  factory: () => Promise<EdgeRig>,
  use: (rig: EdgeRig, app: Application) => void,
): PhoneOn {
  const phones: Phone[] = [];
  let opened: EdgeRig;

  beforeEach(async () => {
    opened = await factory();
    const app = new Application(opened.edge);
    await opened.edge.start(app);
    use(opened, app);
  });

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    await opened.edge.stop();
    await opened.close();
  });

  return async (transport, options = {}) => {
    const phone = await openPhone({ transport, server: opened.place(transport), ...options });
    phones.push(phone);
    return phone;
  };
}
