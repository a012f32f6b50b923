import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import { cachedCredentials } from './cached.ts';
import { type ConfiguredUsers, configuredCredentials } from './configured.ts';
import { hookCredentials } from './hook.ts';
import { credentialsInOrder } from './in-order.ts';

export interface CredentialsOptions {
  readonly auth: {
    readonly users: ConfiguredUsers;
    /** Empty: none. */
    readonly hook: string;
    readonly hookTimeoutMs: number;
    readonly hookCacheSeconds: number;
    readonly hookUnknownSeconds: number;
  };
  readonly stored: Credentials;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: { warn(details: object, message: string): void; info(message: string): void };
}

/** How long phones that are known go on while the store is away, in ms. */
const STORE_AWAY_MS = 3_600_000;
const MOST = 50_000;

/** Where passwords are looked up: in the configuration, in the store, then by the hook. */
export function createCredentials({ auth, stored, clock, log }: CredentialsOptions): Credentials {
  // The store is asked each time: what the API changes counts at once, on all nodes.
  const store = cachedCredentials(stored, {
    clock,
    freshMs: 0,
    unknownMs: 0,
    staleMs: STORE_AWAY_MS,
    most: MOST,
  });
  const sources = [configuredCredentials(auth.users), store];
  if (auth.hook === '') return credentialsInOrder(sources);
  const freshMs = auth.hookCacheSeconds * 1000;
  const hook = cachedCredentials(hookCredentials({ url: auth.hook, timeoutMs: auth.hookTimeoutMs, log }), {
    clock,
    freshMs,
    unknownMs: auth.hookUnknownSeconds * 1000,
    staleMs: 9 * freshMs,
    most: MOST,
  });
  return credentialsInOrder([...sources, hook]);
}
