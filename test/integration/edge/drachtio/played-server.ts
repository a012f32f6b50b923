import { type AdminClient, AdminPort, type SipCommand } from '../../../support/drachtio-double/admin-port.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { confirmed, responded } from './played-answers.ts';
import { eventually } from './rig.ts';

/** The admin port of a drachtio-server that a test plays by hand: it answers logins and routes, and nothing else by itself. */
export class PlayedServer {
  readonly secret = 'cymru';
  /** What it was asked to send, but for the probes for a dialog that it does not have. */
  readonly commands = new Mailbox<SipCommand>('command');
  /** The same, of such probes: they are refused at once unless `keepsProbes`. */
  readonly probes = new Mailbox<SipCommand>('probe');
  keepsProbes = false;
  readonly admin = new AdminPort({
    secret: this.secret,
    hostports: () => 'udp/192.0.2.1:5060,tcp/192.0.2.1:5060',
    command: (command) => this.#take(command),
  });
  port = 0;

  /** Listens, on the port it had before if it was closed. */
  async open(): Promise<void> {
    this.port = await this.admin.open(this.port);
  }

  /** The application's connection that has asked for verbs, and its other one. */
  async clients(): Promise<{ readonly verbs: AdminClient; readonly lean: AdminClient | undefined }> {
    const find = () => [...this.admin.clients].find(({ verbs }) => verbs.includes('subscribe'));
    await eventually(find).toBeDefined();
    const verbs = find() as AdminClient;
    return { verbs, lean: [...this.admin.clients].find((client) => client !== verbs) };
  }

  /** Hands a request over, from the wire or one of its own (`application`); `dialogId`: of a dialog that the server knows. */
  async hand(method: string, { dialogId = '', source = 'network' } = {}): Promise<void> {
    const { verbs } = await this.clients();
    this.handTo(verbs, method, { dialogId, source });
  }

  /** The same, at once. */
  handTo(client: AdminClient, method: string, { dialogId = '', source = 'network' } = {}): void {
    const place = ['udp', '192.0.2.7', '5062'];
    const transaction = source === 'network' ? 'txn-9' : 'unsolicited';
    const known = ['12:00:00.000001', transaction, dialogId, '192.0.2.1', '5060'];
    const meta = ['sip', source, '300', ...place, ...known];
    const headers = [
      'Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bKx',
      'From: <sip:1009@example.com>;tag=theirs',
      `To: <sip:1001@example.com>${dialogId === '' ? '' : ';tag=ours'}`,
      'Call-ID: call',
      `CSeq: 7 ${method}`,
      'Contact: <sip:1009@192.0.2.7:5062>',
      'Content-Length: 0',
    ];
    this.admin.send(
      client,
      meta,
      `${method} sip:1001@example.com SIP/2.0\r\n${headers.join('\r\n')}\r\n\r\n`,
    );
  }

  /** It has sent what it was asked to. */
  confirm(command: SipCommand, transaction = 'txn'): void {
    confirmed(this.admin, command, transaction);
  }

  /** A response has come from the wire. */
  respond(command: SipCommand, transaction: string, status: number): void {
    responded(this.admin, command, { transaction, status });
  }

  close(): Promise<void> {
    return this.admin.close();
  }

  #take(command: SipCommand): void {
    if (command.dialogId !== 'lamplighter') {
      this.commands.push(command);
      return;
    }
    this.probes.push(command);
    if (!this.keepsProbes) this.admin.refuse(command, 'Request not sent due to unknown dialog');
  }
}
