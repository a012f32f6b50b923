import { Fault } from '../../errors.ts';

/** What ioredis or the server threw, as a fault: STORE_CORRUPT for a value of a wrong kind, else STORE_AWAY. */
export function redisFault(error: unknown, place: string): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // What a script has found comes with more words around it on some servers.
  if (reason.includes('WRONGTYPE ')) {
    return new Fault('STORE_CORRUPT', `Cannot read ${place}: ${reason}, values of Lamplighter are wanted`, {
      cause: error,
    });
  }
  return new Fault(
    'STORE_AWAY',
    `Cannot use ${place}: ${reason}, a server that answers and takes writes is wanted`,
    {
      cause: error,
    },
  );
}
