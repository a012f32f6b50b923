import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contestant, Running } from './contestant.ts';
import { hasProgram, SERVER_CORE, start } from './process.ts';
import { freeUdpPort, sipPing } from './sip-ping.ts';

/** Debian's empty text tables: the presence module looks for them even when it keeps everything in memory. */
const TABLES = '/usr/share/kamailio/dbtext/kamailio';

/** Kamailio of Debian with its presence modules, all in memory. */
export function kamailio(): Contestant {
  return {
    name: 'Kamailio, in memory',
    note: 'one worker; states changed by PUBLISH; nothing survives a restart',
    missing: missing(),
    start: run,
  };
}

function missing(): string | null {
  if (!hasProgram('kamailio'))
    return 'apt-get install kamailio kamailio-presence-modules kamailio-xml-modules';
  return existsSync(TABLES) ? null : `no ${TABLES}`;
}

async function run(): Promise<Running> {
  const port = await freeUdpPort();
  const dir = await mkdtemp(join(tmpdir(), 'lamplighter-kamailio-'));
  const tables = ['version', 'presentity', 'active_watchers', 'watchers', 'xcap'];
  await Promise.all(tables.map((table) => copyFile(join(TABLES, table), join(dir, table))));
  const template = await readFile(new URL('./kamailio/kamailio.cfg', import.meta.url), 'utf8');
  const config = join(dir, 'kamailio.cfg');
  await writeFile(config, template.replaceAll('@PORT@', String(port)).replaceAll('@DIR@', dir));
  const started = await start({
    // Shared memory is only taken when it is used: 4 GB is room, not consumption.
    command: [
      'kamailio',
      '-f',
      config,
      '-DD',
      '-E',
      '-m',
      '4096',
      '-M',
      '64',
      '-Y',
      dir,
      '-P',
      join(dir, 'pid'),
    ],
    core: SERVER_CORE,
    ready: () => sipPing(port),
  });
  return {
    target: { sipPort: port, httpPort: null, processes: { kamailio: started.pid } },
    server: 'kamailio',
    stop: async () => {
      await started.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
