import type { AdminPort } from './admin-port.ts';
import type { Connections } from './connections.ts';
import type { Dialog } from './dialogs.ts';
import type { SipPort } from './sip-port.ts';

/** What both sides of the double share. */
export interface Parts {
  readonly admin: AdminPort;
  readonly sip: SipPort;
  readonly dialogs: Map<string, Dialog>;
  readonly connections: Connections;
}
