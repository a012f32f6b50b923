import type { AdminPort, SipCommand } from '../../../support/drachtio-double/admin-port.ts';

/** drachtio-server says that it has sent what it was asked to. */
export function confirmed(admin: AdminPort, { client, id }: SipCommand, transaction: string): void {
  const meta = ['response', id, 'OK', 'application', '9', 'udp', '192.0.2.1', '5060', 'now', transaction];
  admin.send(client, [...meta, 'Msg sent:', ''], 'NOTIFY sip:x SIP/2.0\r\n\r\n');
}

/** drachtio-server hands over a response to it that has come from the wire. */
export function responded(
  admin: AdminPort,
  { client }: SipCommand,
  { transaction, status }: { readonly transaction: string; readonly status: number },
): void {
  const meta = ['sip', 'network', '9', 'udp', '192.0.2.7', '5060', 'now', transaction, 'dialog', ''];
  admin.send(client, meta, `SIP/2.0 ${status} So\r\n\r\n`);
}
