/** No operator can give another node such a name: nodeId has no `#`. */
const SEPARATOR = '#';

/** The name that a worker has among the nodes, from that of its machine. */
export function nodeOfWorker(machine: string, worker: number): string {
  return `${machine}${SEPARATOR}${worker}`;
}

/** The number of the worker that a node is, on whatever machine; null for a process that is alone. */
export function workerOfNode(node: string): number | null {
  const number = node.split(SEPARATOR)[1];
  return number === undefined ? null : Number(number);
}

/** The name of the machine whose process a node is: one of several workers, or alone. */
export function machineOfNode(node: string): string {
  return node.split(SEPARATOR)[0] ?? node;
}
