/**
 * The catalogue of faults. A refusal (489, 423, 404 ...) is a value; only bugs and lost I/O are thrown, and
 * each of those has a code here that never changes its meaning.
 */
const CATALOGUE = {
  CONFIG_INVALID: 'The configuration cannot be used',
  PORT_TAKEN: 'A port is in use by another process',
  DATA_DIR_IN_USE: 'The data directory belongs to another running process',
  NODE_ID_TAKEN: 'Another running process has the same node ID',
  STORE_AWAY: 'The store cannot be reached or written',
  STORE_CONTENDED: 'A board changed too often to be updated',
  STORE_UNFIT: 'The store would lose what it is given',
  STORE_CORRUPT: 'The store holds a value that cannot be read',
  CREDENTIALS_AWAY: 'The passwords of SIP users cannot be looked up',
  EDGE_AWAY: 'The SIP edge cannot be reached',
  EDGE_PROTOCOL: 'The SIP edge sent something that is not its protocol',
  INTERNAL: 'A bug: a state that cannot be',
} as const;

export type FaultCode = keyof typeof CATALOGUE;

/** A fault with a stable `code`; `message` says what failed in the grammar "Cannot <verb> <object>: <current>, <wanted>". */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Every fault code with its general meaning, for the documentation and its test. */
export const faultCatalogue: Readonly<Record<FaultCode, string>> = CATALOGUE;

/** True if `error` is a fault with the given code. */
export function isFault(error: unknown, code: FaultCode): boolean {
  return error instanceof Fault && error.code === code;
}
