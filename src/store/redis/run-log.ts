import type { RunRecord } from '../../callflow/run.ts';
import { readDocument, writeDocument } from '../document-text.ts';
import { KEPT_RUNS, ORPHAN_RUNS_MS } from '../retention.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** The records of the newest runs of each callflow, a list. */
export class RunLog {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Keeps a record. */
  async add(run: RunRecord): Promise<void> {
    const { realm, callflowId } = run;
    const keys = [this.#keys.runs(realm, callflowId), this.#keys.callflows(realm)];
    const args = [writeDocument(run), callflowId, KEPT_RUNS, ORPHAN_RUNS_MS];
    await this.#connection.script(scripts.runAdd, keys, args);
  }

  /** At most `limit` records, newest first. One that cannot be read is left out. */
  async newest(realm: string, callflowId: string, limit: number): Promise<readonly RunRecord[]> {
    if (limit < 1) return [];
    const { client } = this.#connection;
    const key = this.#keys.runs(realm, callflowId);
    const texts = await this.#connection.guard(client.lrange(key, 0, limit - 1));
    return texts.flatMap((text) => readDocument('run', text) ?? []);
  }
}
