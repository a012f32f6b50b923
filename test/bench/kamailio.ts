import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contestant, PARTS, type Running } from './contestant.ts';
import { hasProgram, SERVER_CORE, start } from './process.ts';
import { redisProgram, startRedis } from './redis.ts';
import { freeUdpPort, sipPing } from './sip-ping.ts';

/** Debian's empty text tables: the presence module looks for them even when it keeps everything in memory. */
const TABLES = '/usr/share/kamailio/dbtext/kamailio';
/** What the columns of its tables in Redis are. */
const SCHEMAS = '/usr/share/kamailio/db_redis/kamailio';
const DB_REDIS = '/usr/lib/x86_64-linux-gnu/kamailio/modules/db_redis.so';

/** Where Kamailio's tables are: in its memory, or there and in Redis, into which each change is written through. */
export type Tables = 'memory' | 'redis';

/** Kamailio of Debian with its presence modules. */
export function kamailio(tables: Tables): Contestant {
  const note = 'one worker; states changed by PUBLISH';
  return tables === 'memory'
    ? {
        name: 'Kamailio, in memory',
        note: `${note}; nothing survives a restart`,
        missing: missing(),
        parts: PARTS,
        start: () => run('memory'),
      }
    : {
        name: 'Kamailio, Redis',
        note: `${note}; subscriptions written through to Redis (db_redis), published states in memory`,
        missing: missing() ?? missingRedis(),
        parts: ['subscribe', 'notify'],
        start: () => run('redis'),
      };
}

function missing(): string | null {
  if (!hasProgram('kamailio'))
    return 'apt-get install kamailio kamailio-presence-modules kamailio-xml-modules';
  return existsSync(TABLES) ? null : `no ${TABLES}`;
}

function missingRedis(): string | null {
  if (redisProgram() === null) return 'apt-get install redis-server';
  return existsSync(DB_REDIS) ? null : 'apt-get install kamailio-redis-modules';
}

async function run(tables: Tables): Promise<Running> {
  await using started = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'lamplighter-kamailio-'));
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const processes: Record<string, number> = {};
  let database = await readPart('memory');
  if (tables === 'redis') {
    const redis = await startRedis(redisProgram() ?? '');
    started.defer(redis.stop);
    processes.redis = redis.pid;
    database = (await readPart('redis')).replaceAll('@REDIS@', `${redis.url}/0`);
  }
  const copied = ['version', 'presentity', 'active_watchers', 'watchers', 'xcap'];
  await Promise.all(copied.map((table) => copyFile(join(TABLES, table), join(dir, table))));
  const port = await freeUdpPort();
  const text = (await readPart('kamailio')).replace('@DATABASE@', database);
  const config = join(dir, 'kamailio.cfg');
  const places = { PORT: String(port), DIR: dir, SCHEMAS };
  await writeFile(
    config,
    text.replace(/@(PORT|DIR|SCHEMAS)@/g, (_, name: keyof typeof places) => places[name]),
  );
  const server = await start({
    // Shared memory is only taken when it is used: 4 GB is room, not consumption.
    command: `kamailio -f ${config} -DD -E -m 4096 -M 64 -Y ${dir} -P ${join(dir, 'pid')}`.split(' '),
    core: SERVER_CORE,
    ready: () => sipPing(port),
  });
  started.defer(server.stop);
  processes.kamailio = server.pid;
  const running = started.move();
  return {
    target: { sipPort: port, httpPort: null, processes },
    server: 'kamailio',
    redisUrl: null,
    stop: () => running.disposeAsync(),
  };
}

function readPart(name: 'kamailio' | Tables): Promise<string> {
  return readFile(new URL(`./kamailio/${name}.cfg`, import.meta.url), 'utf8');
}
