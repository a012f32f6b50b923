import type { Worker } from 'node:cluster';

/** What Node's cluster writes when it gives a connection to a worker; that answers `ack` with the same number. */
interface Given {
  readonly act: 'newconn';
  readonly seq: number;
}

/** How long to wait until what a dead process has said is read, in ms, at a time. */
const READ_MS = 10;

/**
 * Ends the connections that were being given to a worker's process when that died. Node's cluster closes its own end of one
 * when the worker has said that it has it; of a worker that never says so it would keep it open for ever, and whoever has
 * connected would wait for an answer that nobody gives. To be called once for each process, before it listens.
 */
export function endUnclaimed(worker: Worker): void {
  const child = worker.process;
  const unclaimed = new Set<number>();
  const send = child.send.bind(child) as (...args: readonly unknown[]) => boolean;
  child.send = (message: unknown, ...more: readonly unknown[]) => {
    if (isGiven(message)) unclaimed.add(message.seq);
    return send(message, ...more);
  };
  child.on('internalMessage', ({ ack }: { readonly ack?: number }) => {
    if (ack !== undefined) unclaimed.delete(ack);
  });
  const end = (): void => {
    // What it has said before it died is read first: else Node would give it the next one.
    if (child.connected) setTimeout(end, READ_MS);
    else
      for (const ack of unclaimed)
        child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: true });
  };
  child.once('exit', end);
}

function isGiven(message: unknown): message is Given {
  return typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn';
}
