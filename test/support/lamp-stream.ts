import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { EventStreamReader } from '../../src/web/model/event-stream.ts';
import type { LampBoard } from '../../src/web/model/live.ts';
import type { LamplighterProcess } from './lamplighter-process.ts';

const REALM = '/v1/realms/default';

/** Opens the stream of lamps on a connection of its own; resolves when all that is there was told. */
export async function openLampStream(lamplighter: LamplighterProcess): Promise<LampStream> {
  const asked = ask(lamplighter, 'GET', `${REALM}/live`);
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`The stream was refused: ${response.statusCode}`);
  const stream = new LampStream(response);
  await stream.ready;
  return stream;
}

/**
 * Sets a lamp on a connection of its own, so that such calls go round all workers. Gives the rev that the change has, or
 * null when it was not answered 200.
 */
export async function setOnOwnConnection(
  lamplighter: LamplighterProcess,
  id: string,
  status: 'idle' | 'ringing' | 'busy',
): Promise<number | null> {
  const asked = ask(lamplighter, 'PUT', `${REALM}/presence/${id}`);
  asked.setHeader('content-type', 'application/json');
  asked.end(JSON.stringify({ status }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return response.statusCode === 200 ? JSON.parse(text).rev : null;
}

function ask({ settings }: LamplighterProcess, method: string, path: string): ClientRequest {
  return request({ port: settings.LAMPLIGHTER_HTTP_PORT, method, path, agent: false });
}

/** One stream of lamps, until it ends. */
export class LampStream {
  /** What was told after `ready`, in that order. */
  readonly told: LampBoard[] = [];
  /** What was told before. */
  readonly snapshot: LampBoard[] = [];
  readonly ready: Promise<void>;
  ended = false;
  readonly #response: IncomingMessage;

  constructor(response: IncomingMessage) {
    this.#response = response;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    const events = new EventStreamReader();
    let boards = this.snapshot;
    response.setEncoding('utf8').on('data', (text: string) => {
      for (const { event, data } of events.push(text)) {
        if (event === 'board') boards.push(JSON.parse(data));
        if (event !== 'ready') continue;
        boards = this.told;
        resolve();
      }
    });
    response.on('error', () => {});
    response.on('close', () => {
      this.ended = true;
      resolve();
    });
  }

  /** The revs of one ID that were told after `ready`, in that order. */
  revsOf(id: string): readonly number[] {
    return this.told.filter((board) => board.id === id).map(({ rev }) => rev);
  }

  [Symbol.dispose](): void {
    this.#response.destroy();
  }
}
