import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Callflow, Seat } from '../../callflow/callflow.ts';
import type { RunRecord } from '../../callflow/run.ts';
import type { Callflows, SaveResult } from '../../ports/callflows.ts';
import { demandNextRev } from '../document-rev.ts';
import { DocumentTable } from './document-table.ts';
import type { GroupCommit } from './group-commit.ts';
import { RunLog } from './run-log.ts';

/** Callflows, seats and runs in the database; see the port for what each method gives. */
export class EmbeddedCallflows implements Callflows {
  readonly #group: GroupCommit;
  readonly #callflows: DocumentTable<'callflow'>;
  readonly #seats: DocumentTable<'seat'>;
  readonly #runs: RunLog;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#callflows = new DocumentTable(database, 'callflow');
    this.#seats = new DocumentTable(database, 'seat');
    this.#runs = new RunLog(database);
    this.#statements = prepare(database);
  }

  async list(realm: string): Promise<readonly Callflow[]> {
    return this.#group.read(() => this.#callflows.all(realm));
  }

  async get(realm: string, id: string): Promise<Callflow | null> {
    return this.#group.read(() => this.#callflows.one(realm, id));
  }

  save(callflow: Callflow, expectedRev: number): Promise<SaveResult> {
    const { realm, id } = callflow;
    return this.#group.run(() => {
      demandNextRev(callflow, expectedRev);
      const result = this.#callflows.judge(realm, id, expectedRev);
      if (result !== 'ok') return result;
      this.#callflows.put(callflow);
      this.#statements.bumpStamp.run(realm);
      return 'ok';
    });
  }

  remove(realm: string, id: string, expectedRev: number): Promise<SaveResult> {
    return this.#group.run(() => {
      const result = this.#callflows.judge(realm, id, expectedRev);
      if (result !== 'ok') return result;
      if (!this.#callflows.delete(realm, id)) return 'gone';
      this.#runs.delete(realm, id);
      this.#statements.bumpStamp.run(realm);
      return 'ok';
    });
  }

  async stamp(realm: string): Promise<number> {
    return Number(this.#group.read(() => this.#statements.stamp.get(realm))?.stamp ?? 0);
  }

  async realms(): Promise<readonly string[]> {
    return this.#group.read(() => this.#statements.realms.all()).map((row) => String(row.realm));
  }

  async seats(realm: string): Promise<readonly Seat[]> {
    return this.#group.read(() => this.#seats.all(realm));
  }

  saveSeat(seat: Seat, expectedRev: number): Promise<SaveResult> {
    return this.#group.run(() => {
      demandNextRev(seat, expectedRev);
      const result = this.#seats.judge(seat.realm, seat.id, expectedRev);
      if (result === 'ok') this.#seats.put(seat);
      return result;
    });
  }

  removeSeat(realm: string, id: string): Promise<SaveResult> {
    return this.#group.run(() => (this.#seats.delete(realm, id) ? 'ok' : 'gone'));
  }

  addRun(run: RunRecord): Promise<void> {
    return this.#group.run(() => this.#runs.add(run));
  }

  async runs(realm: string, callflowId: string, limit: number): Promise<readonly RunRecord[]> {
    return this.#group.read(() => this.#runs.newest(realm, callflowId, limit));
  }

  claim(key: string, ms: number): Promise<boolean> {
    return this.#group.run(() => {
      const now = Date.now();
      return this.#statements.claim.run(key, now + Math.ceil(ms), now).changes === 1;
    });
  }

  async scheduledUntil(realm: string): Promise<number | null> {
    const row = this.#group.read(() => this.#statements.scheduled.get(realm));
    return row === undefined ? null : Number(row.until);
  }

  async setScheduledUntil(realm: string, until: number): Promise<void> {
    await this.#group.run(() => this.#statements.setScheduled.run(realm, until));
  }
}

/** The statements of the small tables beside the documents. */
function prepare(database: DatabaseSync): Record<Name, StatementSync> {
  return {
    stamp: database.prepare('SELECT stamp FROM stamps WHERE realm = ?'),
    bumpStamp: database.prepare(
      'INSERT INTO stamps (realm, stamp) VALUES (?, 1) ON CONFLICT DO UPDATE SET stamp = stamp + 1',
    ),
    realms: database.prepare('SELECT DISTINCT realm FROM callflows'),
    // Changes nothing while the claim of another stands.
    claim: database.prepare(
      `INSERT INTO claims (key, until) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET until = excluded.until WHERE claims.until <= ?`,
    ),
    scheduled: database.prepare('SELECT until FROM schedules WHERE realm = ?'),
    setScheduled: database.prepare(
      'INSERT INTO schedules (realm, until) VALUES (?, ?) ON CONFLICT DO UPDATE SET until = excluded.until',
    ),
  };
}

type Name = 'stamp' | 'bumpStamp' | 'realms' | 'claim' | 'scheduled' | 'setScheduled';
