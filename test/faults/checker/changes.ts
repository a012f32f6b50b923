import { Agent, request } from 'node:http';
import { HOST, REALM } from '../../bench/phone-text.ts';
import { givenNow } from './given-time.ts';
import { type Lamp, STATUSES, type Status } from './truth.ts';

/** Requests under way at any moment: a node that hangs is not asked for more. */
const UNDER_WAY = 64;
/** Longer than any fault: a request that was given up could still act later. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 500;
/** How often an API that refuses is asked: for 20 s. */
const TRIES = 40;

/** Changes lamps through the API at a rate, each in turn, and notes what was answered 2xx. */
export class Changes {
  accepted = 0;
  refused = 0;
  readonly #lamps: readonly Lamp[];
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: UNDER_WAY });
  #cursor = 0;
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(lamps: readonly Lamp[], port: number) {
    this.#lamps = lamps;
    this.#port = port;
  }

  /** Starts, `perSecond` changes; ends with `stop`. */
  start(perSecond: number): void {
    let due = givenNow();
    this.stop();
    this.#timer = setInterval(() => {
      const now = givenNow();
      // What could not be asked for is not made up for.
      due = Math.max(due, now - 1_000);
      for (; due <= now; due += 1000 / perSecond) this.#change();
    }, 2);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Waits for the answers under way, then asks what became of each change that was not answered 2xx. */
  async settle(): Promise<readonly string[]> {
    this.stop();
    const violations: string[] = [];
    while (this.#underWay > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const lamp of this.#lamps) {
      if (lamp.doubt === null) continue;
      const status = await this.#read(lamp);
      if (status !== lamp.sure && status !== lamp.doubt)
        violations.push(`${lamp.user} is ${status} in the API, not ${lamp}`);
      else lamp.answered(status, true);
    }
    return violations;
  }

  close(): void {
    this.stop();
    this.#agent.destroy();
  }

  #change(): void {
    if (this.#underWay >= UNDER_WAY) return;
    for (let tried = 0; tried < this.#lamps.length; tried += 1) {
      const lamp = this.#lamps[this.#cursor % this.#lamps.length];
      this.#cursor += 1;
      if (lamp === undefined || lamp.busy || lamp.frozen) continue;
      void this.#set(lamp);
      return;
    }
  }

  async #set(lamp: Lamp): Promise<void> {
    const status = lamp.next();
    lamp.asked(status);
    this.#underWay += 1;
    const answer = await this.#ask('PUT', lamp, JSON.stringify({ status })).catch(() => null);
    this.#underWay -= 1;
    if (answer?.status === 200) {
      this.accepted += 1;
      lamp.answered(status, true);
    } else {
      this.refused += 1;
      setTimeout(() => lamp.answered(status, false), AGAIN_MS);
    }
  }

  async #read(lamp: Lamp): Promise<Status> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await this.#ask('GET', lamp, '').catch(() => null);
      if (answer?.status === 200) {
        const { manual } = JSON.parse(answer.text) as {
          readonly manual?: { readonly status: Status } | null;
        };
        return STATUSES.find((each) => each === manual?.status) ?? 'idle';
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    throw new Error(`The API does not say what ${lamp.user} is`);
  }

  #ask(
    method: string,
    lamp: Lamp,
    body: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const path = `/v1/realms/${REALM}/presence/${lamp.user}`;
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const place = { host: HOST, port: this.#port, agent: this.#agent, timeout: PATIENCE_MS };
    return new Promise((resolve, reject) => {
      const asked = request({ ...place, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text })).on('error', reject);
      });
      asked.on('error', reject).on('timeout', () => asked.destroy(new Error('no answer')));
      asked.end(body);
    });
  }
}
