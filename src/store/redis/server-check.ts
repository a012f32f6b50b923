import type { Redis } from 'ioredis';
import { Fault } from '../../errors.ts';
import type { StoreLog } from '../store-log.ts';
import type { Connection } from './connection.ts';

interface Demands {
  readonly log: StoreLog;
  /** True: eviction is refused. */
  readonly noEviction: boolean;
}

/**
 * Tells when a server would lose what it was given: without AOF at a crash, with eviction when memory is short.
 * STORE_UNFIT for eviction, if `noEviction` is wanted.
 */
export async function checkServers(connection: Connection, demands: Demands): Promise<void> {
  const { client, cluster } = connection;
  // Without a Cluster the client is that of the one server.
  const servers = cluster === null ? [client as Redis] : cluster.nodes('master');
  await Promise.all(servers.map((server) => checkServer(server, demands)));
}

async function checkServer(server: Redis, { log, noEviction }: Demands): Promise<void> {
  // Managed servers may refuse INFO: then there is nothing to say.
  const text = await Promise.all([server.info('memory'), server.info('persistence')]).catch(() => []);
  const info = new Map(
    text
      .join('\n')
      .split(/\r?\n/)
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const { host, port } = server.options;
  const policy = info.get('maxmemory_policy');
  if (info.get('aof_enabled') === '0') {
    log.warn(
      `Redis at ${host}:${port} has appendonly no: a crash of it loses the newest lamps, yes is wanted`,
    );
  }
  if (policy !== undefined && policy !== 'noeviction') {
    const found = `Redis at ${host}:${port} has maxmemory-policy ${policy}`;
    if (noEviction) {
      throw new Fault(
        'STORE_UNFIT',
        `Cannot use ${found}: it may drop lamps, noeviction is wanted, or redis.requireNoeviction false`,
      );
    }
    log.warn(`${found}: it may drop lamps, noeviction is wanted`);
  }
}
