import type { Redis } from 'ioredis';

/** How often a connection is looked at, in ms. */
const LOOK_MS = 400;
/**
 * Looks in a row at which a connection owes replies and has brought nothing since the one before. Looks are counted, not
 * time: a process that was halted for a while looks once, then reads what has come meanwhile, and nothing is given up.
 */
const SILENT_LOOKS = 4;

/**
 * Gives up connections that owe replies and bring nothing for two seconds: their commands fail, and they are made anew.
 * Replies come in order, so no command waits longer; a timer for each command would also fail those that only wait in a
 * queue. `connections` gives those of the moment. Ends when the function given back is called.
 */
export function watchSilence(connections: () => readonly Redis[]): () => void {
  const known = new WeakMap<Redis, Look>();
  const timer = setInterval(() => {
    for (const connection of connections()) {
      const look = nextLook(connection, known.get(connection));
      known.set(connection, look);
      if (look.silent < SILENT_LOOKS) continue;
      known.delete(connection);
      connection.stream.destroy(new Error('Redis owes replies and gives none'));
    }
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

interface Look {
  readonly bytesRead: number;
  /** Looks in a row, with this one, at which nothing had come. */
  readonly silent: number;
}

function nextLook({ status, stream, commandQueue }: Redis, before: Look | undefined): Look {
  // Before the first connection there is no stream, whatever the type says.
  const bytesRead = (stream as Redis['stream'] | undefined)?.bytesRead ?? 0;
  const owes = ['connect', 'ready'].includes(status) && commandQueue.length > 0;
  const isSilent = owes && before?.bytesRead === bytesRead;
  return { bytesRead, silent: isSilent ? before.silent + 1 : 0 };
}
