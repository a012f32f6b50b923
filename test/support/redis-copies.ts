import type { Redis } from 'ioredis';

const USER = 'copier';

/** Arguments of redis-server: replicas copy at once, as a user of their own, so that copying can be forbidden. */
export const MAY_COPY: readonly string[] = [
  ...['--repl-diskless-sync-delay', '0'],
  ...['--user', USER, 'on', `>${USER}`, '+psync', '+replconf', '+ping'],
  ...['--masteruser', USER, '--masterauth', USER],
];

/** Has replicas copy no more from this primary: what it takes from now on is lost with it. */
export async function stopCopies(primary: Redis): Promise<void> {
  await primary.acl('DELUSER', USER);
}
