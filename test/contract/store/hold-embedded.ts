import { createEmbeddedStore } from '../../../src/store/embedded/store.ts';
import { bump } from './values.ts';

/**
 * Run as a process: opens the data directory of argv[2], says `open`, and then stores boards as fast as it can.
 * Each number on standard output is a rev whose change was acknowledged. Ends only when it is killed.
 */
const store = await createEmbeddedStore({ dataDir: process.argv[2] ?? '' });
const resource = { realm: 'acme.example', user: 'night' };
process.stdout.write('open\n');
for (;;) {
  const { board } = await store.boards.change(resource, bump(resource));
  process.stdout.write(`${board?.rev}\n`);
}
