import { createSocket, type Socket } from 'node:dgram';
import { between, HOST, publishText } from './phone-text.ts';
import type { LampId, Trigger, TriggerHandlers } from './trigger.ts';

/** RFC 3261 §17.1.2.1: Timer E, in ms. */
const T1_MS = 500;

interface Published {
  readonly lamp: LampId;
  readonly text: string;
  readonly change: number;
  again: number;
  interval: number;
}

/** Changes states by PUBLISH (RFC 3903): one publication for each presence ID, modified again and again. */
export async function createPublishTrigger(sipPort: number, handlers: TriggerHandlers): Promise<Trigger> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  await new Promise<void>((resolve) => socket.connect(sipPort, HOST, resolve));
  return new PublishTrigger(socket, handlers);
}

class PublishTrigger implements Trigger {
  readonly #socket: Socket;
  readonly #handlers: TriggerHandlers;
  readonly #call = Math.random().toString(36).slice(2, 8);
  readonly #etags = new Map<number, string>();
  readonly #open = new Map<number, Published>();

  constructor(socket: Socket, handlers: TriggerHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('message', (bytes) => this.#read(bytes.toString('latin1')));
  }

  change(lamp: LampId): void {
    const { id, change } = lamp;
    const text = publishText({
      id,
      change,
      call: this.#call,
      port: this.#socket.address().port,
      // A dialog that was terminated stays so in Kamailio: early and confirmed follow each other for ever.
      state: lamp.busy ? 'confirmed' : 'early',
      etag: this.#etags.get(id) ?? '',
    });
    this.#open.set(id, { lamp, text, change, again: performance.now() + T1_MS, interval: T1_MS });
    this.#socket.send(text);
  }

  repeat(): void {
    const now = performance.now();
    for (const published of this.#open.values()) {
      if (published.again > now) continue;
      published.interval *= 2;
      published.again = now + published.interval;
      this.#handlers.repeated();
      this.#socket.send(published.text);
    }
  }

  close(): void {
    this.#socket.close();
  }

  #read(text: string): void {
    const [id, change] = between(text, 'branch=z9hG4bKp', ';\r ').split('.').map(Number);
    const published = this.#open.get(id ?? -1);
    if (id === undefined || published === undefined || published.change !== change) return;
    this.#open.delete(id);
    this.#etags.set(id, between(text, '\r\nSIP-ETag: ', '\r'));
    if (text.startsWith('SIP/2.0 200')) this.#handlers.accepted(published.lamp);
    else this.#handlers.refused(published.lamp, text);
  }
}
