import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { CallflowService } from '../notifier/callflow-service.ts';
import type { ListService } from '../notifier/list-service.ts';
import type { PresenceService } from '../notifier/service.ts';
import type { StoredCredentials } from '../ports/credentials.ts';
import type { ListenPoint } from '../ports/edge.ts';
import type { Resource } from '../presence/resource.ts';
import type { DigestHash } from '../sip/digest/algorithm.ts';

/** Who calls: what its token allows. */
export interface Caller {
  /** True when the token has every realm. */
  readonly everywhere: boolean;
  /** `realm` is a canonical name. */
  allows(realm: string): boolean;
  readonly canWrite: boolean;
  /** Canonical names of its realms; `*`: all. */
  readonly grants: readonly string[];
}

/** What the steps before a handler leave for it. */
export interface HttpEnv {
  Variables: { caller: Caller; realm: string; resource: Resource };
}

/** What several processes of one machine say together. */
interface Machine {
  /** What all of them have counted, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** True of what works in each of them; `workers`: all of them run. */
  health(): Promise<{ readonly store: boolean; readonly edge: boolean; readonly workers: boolean }>;
}

/** All that the routes need of the rest of the program. */
export interface HttpParts {
  readonly config: Config;
  readonly service: PresenceService;
  readonly callflows: CallflowService;
  readonly lists: ListService;
  readonly newId: () => string;
  /** Where SIP listens, for the page. */
  readonly listening: () => readonly ListenPoint[];
  /** Callflows to begin with, as documents. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** SIP users that the API writes. */
  readonly users: StoredCredentials;
  readonly hash: DigestHash;
  /** The folder of the built page. */
  readonly pageFolder: string;
  readonly metrics: Metrics;
  /** All processes that serve this API together; null when this is the only one. */
  readonly machine: Machine | null;
  readonly log: Log['http'];
  /** Aborted when the server stops: ends the open streams. */
  readonly stopping: AbortSignal;
  /** Milliseconds between the comments that keep a stream alive. */
  readonly heartbeatMs: number;
}
