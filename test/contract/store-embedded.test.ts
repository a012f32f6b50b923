import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedStore } from '../../src/store/embedded/store.ts';
import { storeContract } from './store.ts';

storeContract('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-store-'));
  return {
    shared: false,
    open: () => createEmbeddedStore({ dataDir }),
    dispose: () => rm(dataDir, { recursive: true }),
  };
});
