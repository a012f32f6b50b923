import { randomBytes } from 'node:crypto';
import type { Callflow, Seat } from '../../callflow/callflow.ts';
import type { RunRecord } from '../../callflow/run.ts';
import type { Callflows, SaveResult } from '../../ports/callflows.ts';
import type { StoreLog } from '../store-log.ts';
import { CallflowRealms } from './callflow-realms.ts';
import type { Connection } from './connection.ts';
import { DocumentTable } from './document-table.ts';
import type { Keys } from './keys.ts';
import { RunLog } from './run-log.ts';
import { scripts } from './scripts.ts';

/** Callflows, seats and runs in Redis; see the port for what each method gives. */
export class RedisCallflows implements Callflows {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #callflows: DocumentTable<'callflow'>;
  readonly #seats: DocumentTable<'seat'>;
  readonly #realms: CallflowRealms;
  readonly #runs: RunLog;

  constructor(connection: Connection, keys: Keys, log: StoreLog) {
    const { callflows, seats, stamp } = keys;
    this.#connection = connection;
    this.#keys = keys;
    this.#callflows = new DocumentTable(connection, log, { kind: 'callflow', hash: callflows, stamp });
    this.#seats = new DocumentTable(connection, log, { kind: 'seat', hash: seats });
    this.#realms = new CallflowRealms(connection, keys);
    this.#runs = new RunLog(connection, keys);
  }

  list(realm: string): Promise<readonly Callflow[]> {
    return this.#callflows.all(realm);
  }

  get(realm: string, id: string): Promise<Callflow | null> {
    return this.#callflows.one(realm, id);
  }

  async save(callflow: Callflow, expectedRev: number): Promise<SaveResult> {
    await this.#realms.add(callflow.realm);
    const result = await this.#callflows.save(callflow, expectedRev);
    // Once more: another node may have taken the realm out while it was still empty.
    if (expectedRev === 0) await this.#realms.add(callflow.realm);
    return result;
  }

  async remove(realm: string, id: string, expectedRev: number): Promise<SaveResult> {
    return this.#callflows.remove(realm, id, { expectedRev, also: [this.#keys.runs(realm, id)] });
  }

  async stamp(realm: string): Promise<number> {
    return Number(await this.#connection.guard(this.#connection.client.get(this.#keys.stamp(realm))));
  }

  realms(): Promise<readonly string[]> {
    return this.#realms.list();
  }

  seats(realm: string): Promise<readonly Seat[]> {
    return this.#seats.all(realm);
  }

  saveSeat(seat: Seat, expectedRev: number): Promise<SaveResult> {
    return this.#seats.save(seat, expectedRev);
  }

  async removeSeat(realm: string, id: string): Promise<SaveResult> {
    const { client } = this.#connection;
    const removed = await this.#connection.guard(client.hdel(this.#keys.seats(realm), id));
    return removed === 1 ? 'ok' : 'gone';
  }

  addRun(run: RunRecord): Promise<void> {
    return this.#runs.add(run);
  }

  runs(realm: string, callflowId: string, limit: number): Promise<readonly RunRecord[]> {
    return this.#runs.newest(realm, callflowId, limit);
  }

  async claim(key: string, ms: number): Promise<boolean> {
    const args = [randomBytes(9).toString('base64url'), Math.max(Math.ceil(ms), 1)];
    return (await this.#connection.script(scripts.claim, [this.#keys.claim(key)], args)) === 1;
  }

  async scheduledUntil(realm: string): Promise<number | null> {
    const { client } = this.#connection;
    const until = await this.#connection.guard(client.get(this.#keys.scheduled(realm)));
    return until === null ? null : Number(until);
  }

  async setScheduledUntil(realm: string, until: number): Promise<void> {
    await this.#connection.guard(this.#connection.client.set(this.#keys.scheduled(realm), until));
  }
}
