import { createSocket, type Socket } from 'node:dgram';
import { HOST } from './phone-text.ts';
import type { LampId } from './trigger.ts';

/** Room in the kernel for a fan-out to the phones that share a socket, in octets. */
const RECEIVE_OCTETS = 4 * 1024 * 1024;

/** A socket that phones share. */
export interface Line {
  readonly socket: Socket;
  readonly port: number;
}

/** One phone's subscription, and how far it has come. */
export interface Watching {
  readonly index: number;
  readonly lamp: LampId;
  readonly line: Line;
  cseq: number;
  target: string;
  toTag: string;
  /** CSeq of the last NOTIFY. */
  heard: number;
  /** The last change it was told of. */
  seen: number;
  answered: boolean;
  notified: boolean;
  since: number;
  again: number;
  interval: number;
}

/** A phone that has not subscribed yet. */
export function newWatching(index: number, lamp: LampId, line: Line): Watching {
  const progress = { cseq: 0, target: '', toTag: '', heard: 0, seen: lamp.change };
  const waiting = { answered: true, notified: true, since: 0, again: 0, interval: 0 };
  return { index, lamp, line, ...progress, ...waiting };
}

/** A socket that sends to one server only: connected, which spares an address look-up for each 200. */
export async function openLine(sipPort: number): Promise<Line> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_OCTETS });
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.connect(sipPort, HOST, resolve));
  return { socket, port };
}
