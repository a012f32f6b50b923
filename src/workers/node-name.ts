/** No operator can give another node such a name: nodeId has no `#`. */
const SEPARATOR = '#';

/** The name that a worker has among the nodes, from that of its machine. */
export function nodeOfWorker(machine: string, worker: number): string {
  return `${machine}${SEPARATOR}${worker}`;
}

/** The name of the machine whose process a node is: one of several workers, or alone. */
export function machineOfNode(node: string): string {
  return node.split(SEPARATOR)[0] ?? node;
}
