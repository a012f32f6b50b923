import { Fault } from '../../errors.ts';
import type { Transport } from '../../ports/edge.ts';

/** Something that listens: what every transport has in common. */
export interface Listener {
  readonly point: { readonly transport: Transport; readonly address: string; readonly port: number };
  close(): Promise<void>;
}

/** The setting of the UDP and TCP port, for people. */
export const SIP_PORT = 'sip.port / LAMPLIGHTER_SIP_PORT';

/** How one transport is opened on all its addresses. */
export interface ListenPlan<Opened extends Listener> {
  readonly transport: Transport;
  /** '' means all addresses. */
  readonly host: string;
  /** 0 lets the system choose, the same for IPv4 and IPv6. */
  readonly port: number;
  /** The setting that changes the port, for people. */
  readonly setting: string;
  open(address: string, port: number): Promise<Opened>;
}

/** A port that the system chose for IPv4 may be taken for IPv6: then it is asked again. */
const ATTEMPTS = 10;
/** What a machine without IPv6 says. */
const NO_IPV6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL', 'EPROTONOSUPPORT'];

/**
 * Opens a transport on one address, or on all: then once for IPv4 and once for IPv6, where the machine has it.
 * Opens all of them or none. Rejects with PORT_TAKEN, or EDGE_AWAY for any other reason.
 */
export async function listen<Opened extends Listener>(plan: ListenPlan<Opened>): Promise<readonly Opened[]> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: Opened[] = [];
    try {
      await openEach(plan, opened);
      return opened;
    } catch (error) {
      await closeAll(opened);
      const again = plan.port === 0 && codeOf(error) === 'EADDRINUSE' && attempt < ATTEMPTS;
      if (!again) throw faultOf(error, plan);
    }
  }
}

/** Closes listeners and waits until they are closed. */
export async function closeAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

async function openEach<Opened extends Listener>(plan: ListenPlan<Opened>, opened: Opened[]): Promise<void> {
  const addresses = plan.host === '' ? ['0.0.0.0', '::'] : [plan.host];
  for (const address of addresses) {
    try {
      opened.push(await plan.open(address, opened[0]?.point.port ?? plan.port));
    } catch (error) {
      if (opened.length === 0 || !NO_IPV6.includes(codeOf(error))) throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function faultOf(cause: unknown, plan: ListenPlan<Listener>): Fault {
  const what = `${plan.transport.toUpperCase()} port ${plan.port}`;
  const code = codeOf(cause);
  if (code !== 'EADDRINUSE') {
    const where = plan.host === '' ? '' : ` of ${plan.host}`;
    return new Fault('EDGE_AWAY', `Cannot listen on ${what}${where}: ${code || String(cause)}`, { cause });
  }
  const wanted = `set another one with ${plan.setting}`;
  return new Fault('PORT_TAKEN', `Cannot listen on ${what}: it is in use by another process, ${wanted}`, {
    cause,
  });
}
