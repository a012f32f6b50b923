import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded before a node by NODE_OPTIONS=--import: SIGUSR2 makes it collect its garbage, give the room back that V8 keeps for
 * more of it, and print what is left, in octets.
 */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: object) => void;

process.on('SIGUSR2', () => {
  // As if there were no memory left: another collection keeps the young generation as large as the load had made it.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  console.log(`heap ${process.memoryUsage().heapUsed}`);
});
