import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../../config.ts';
import type { SeenLamp } from '../../presence/seen-lamp.ts';
import { parseHostPort } from '../../sip/host.ts';
import type { ByteString, SipMessage } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parse.ts';
import { serialize } from '../../sip/serialize.ts';
import { fromUtf8 } from '../../sip/utf8.ts';
import { coloured } from '../colour.ts';
import { readId } from '../id.ts';
import { CliFailure, type CliIo } from '../io.ts';
import { lampText, printable } from '../lamp-line.ts';
import { bracketed, type Place, responseTo } from './watch-dialog.ts';
import { WatchSubscription } from './watch-subscription.ts';

const OPTIONS = {
  realm: { type: 'string' },
  server: { type: 'string' },
  port: { type: 'string' },
  expires: { type: 'string' },
} as const;

/** How long the server may take to confirm the end, in ms. */
const FAREWELL_MS = 3000;

interface Watched {
  /** As it was typed. */
  readonly label: string;
  readonly uri: ByteString;
}

/** `watch ID...`: subscribes over UDP as a phone does and prints each lamp as it changes, until Ctrl-C. */
export async function watchCommand(args: readonly string[], io: CliIo): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (positionals.length === 0)
    throw new CliFailure('Cannot watch nothing: call it as "lamplighter watch ID..."', 2);
  const config = loadConfig(io.env);
  const server = await serverPlace(values, config);
  const watched = positionals.map((label) => ({ label, uri: uriOf(label, values.realm, server) }));
  const socket = await connect(server);
  try {
    await watchAll(watched, { socket, server, io, config, expires: readExpires(values.expires) });
  } finally {
    socket.close();
  }
}

interface WatchScene {
  readonly socket: Socket;
  readonly server: Place;
  readonly io: CliIo;
  readonly config: Config;
  readonly expires: number;
}

/** Runs until every subscription is over. When one cannot be kept the others are ended, and it rejects with the reason. */
async function watchAll(watched: readonly Watched[], scene: WatchScene): Promise<void> {
  const { socket, server, io } = scene;
  const running = new Set<WatchSubscription>();
  const failures: CliFailure[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    setTimeout(resolve, FAREWELL_MS).unref();
    for (const subscription of running) subscription.end();
  };
  for (const one of watched) {
    const subscription = subscriptionTo(one, scene, (why) => {
      running.delete(subscription);
      if (why !== null) failures.push(new CliFailure(`Cannot watch ${one.label}: ${why}`));
      if (why !== null) end();
      if (running.size === 0) resolve();
    });
    running.add(subscription);
  }
  let heard = false;
  socket.on('message', (datagram) => {
    heard = true;
    dispatch(datagram, running, socket);
  });
  socket.on('error', (error) => {
    // Once it was there, a server that restarts is waited for: the retransmissions go on.
    if (heard) return;
    failures.push(unreachable(error, server));
    resolve();
  });
  io.ended.addEventListener('abort', end, { once: true });
  for (const subscription of running) subscription.start();
  if (io.ended.aborted) end();
  await promise;
  for (const subscription of running) subscription.abandon();
  if (failures[0] !== undefined) throw failures[0];
}

function subscriptionTo(
  { label, uri }: Watched,
  { socket, io, config, expires }: WatchScene,
  over: (why: string | null) => void,
): WatchSubscription {
  const say = (text: string) => `${clockTime()}  ${label}  ${text}`;
  return new WatchSubscription({
    uri,
    expires,
    over,
    local: socket.address(),
    order: config.lamp.order,
    newToken: () => randomBytes(8).toString('hex'),
    send: (text) => send(socket, text),
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    lamp: (seen) => io.out(say(seenText(seen, io.colour))),
    notice: (text) => io.err(say(text)),
  });
}

function dispatch(datagram: Buffer, running: ReadonlySet<WatchSubscription>, socket: Socket): void {
  const result = parseMessage(datagram.toString('latin1'));
  if (result.kind !== 'message') return;
  const taken = [...running].some((subscription) => subscription.hear(result.message));
  if (!taken) answerStranger(result.message, socket);
}

/** RFC 6665 §4.1.3: a NOTIFY of a subscription that we do not have gets 481. */
function answerStranger(message: SipMessage, socket: Socket): void {
  if (message.kind === 'response' || message.method === 'ACK') return;
  const status = message.method === 'NOTIFY' ? 481 : 405;
  send(socket, serialize(responseTo(message, status)));
}

/** An ICMP refusal may be told to the next send instead of the socket; Node keeps it from the `error` event then. */
function send(socket: Socket, text: ByteString): void {
  socket.send(Buffer.from(text, 'latin1'), (error) => {
    if (error !== null) socket.emit('error', error);
  });
}

function seenText({ lamp, remote }: SeenLamp, colour: boolean): string {
  const who = remote === null ? '' : coloured(`  ${printable(remote)}`, 'grey', colour);
  return lampText(lamp, colour) + who;
}

function clockTime(): string {
  return new Date().toTimeString().slice(0, 8);
}

async function serverPlace(values: { server?: string; port?: string }, { sip }: Config): Promise<Place> {
  const text = [values.server ?? '127.0.0.1', values.port].filter((part) => part !== undefined).join(':');
  const named = parseHostPort(text);
  if (named === null) {
    throw new CliFailure(
      `Cannot use server "${text}": --server must be a host or host:port, --port a port`,
      2,
    );
  }
  const name = fromUtf8(named.host).replace(/^\[|\]$/g, '');
  const found = await lookup(name).catch(() => {
    throw new CliFailure(`Cannot find server "${name}": no address has this name`);
  });
  return { address: found.address, port: named.port ?? (values.server === undefined ? sip.port : 5060) };
}

/** The realm goes into the URI as its host; without one the server's own address does, which means `default`. */
function uriOf(label: string, realm: string | undefined, server: Place): ByteString {
  const { id, realm: name } = readId(label, realm);
  const own = bracketed(server.address) + (server.port === 5060 ? '' : `:${server.port}`);
  return `sip:${encodeURIComponent(id)}@${name === 'default' ? own : name}`;
}

function readExpires(text = '600'): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new CliFailure(`Cannot use --expires "${text}": it must be a whole number of seconds`, 2);
}

/** A connected socket hears at once that nobody listens, and knows the address that the server sees. */
function connect({ address, port }: Place): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('error', (error) => reject(unreachable(error, { address, port })));
  socket.connect(port, address, () => {
    socket.removeAllListeners('error');
    resolve(socket);
  });
  return promise;
}

function unreachable(error: NodeJS.ErrnoException, { address, port }: Place): CliFailure {
  const why = error.code === 'ECONNREFUSED' ? 'nobody listens there' : (error.code ?? error.message);
  return new CliFailure(
    `Cannot reach ${address} port ${port} over UDP: ${why}, start it with "lamplighter serve" or use --server`,
  );
}
