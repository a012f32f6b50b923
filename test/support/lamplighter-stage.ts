import { afterAll, beforeAll } from 'vitest';
import { type Combination, openSurroundings } from './combination.ts';
import { type LamplighterProcess, type Settings, startLamplighter } from './lamplighter-process.ts';
import { openPhone, type Phone, type PhoneOptions } from './phone.ts';

/** A Lamplighter for all tests of one `describe`, and phones that are closed with it. */
export interface LamplighterStage {
  /** There once the tests have begun. */
  readonly lamplighter: LamplighterProcess;
  phone(options: Pick<PhoneOptions, 'transport'> & Partial<PhoneOptions>): Promise<Phone>;
  /** How a phone names a presence ID there. */
  uriOf(id: string): string;
}

/** Starts a Lamplighter of this combination before the tests of the `describe` that calls it, and ends it after them. */
export function setLamplighterStage(combination: Combination, more: Settings = {}): LamplighterStage {
  const open = new AsyncDisposableStack();
  let lamplighter: LamplighterProcess;
  beforeAll(async () => {
    const { settings } = open.use(await openSurroundings(combination));
    lamplighter = open.use(await startLamplighter({ ...settings, ...more }));
  });
  afterAll(() => open.disposeAsync());
  return {
    get lamplighter() {
      return lamplighter;
    },
    phone: async (options) => {
      const phone = await openPhone({ server: lamplighter.place(options.transport), ...options });
      open.defer(() => phone.close());
      return phone;
    },
    uriOf: (id) => {
      const { address, port } = lamplighter.place('udp');
      return `sip:${id}@${address}:${port}`;
    },
  };
}
