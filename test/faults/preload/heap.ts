import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Loaded before a node by NODE_OPTIONS=--import: SIGUSR2 makes it collect its garbage and print what is left, in octets. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  collect();
  console.log(`heap ${process.memoryUsage().heapUsed}`);
});
