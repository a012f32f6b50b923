import { createRedisStore } from '../../src/store/redis/store.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { storeContract } from './store.ts';

storeContract('redis cluster of three nodes', async () => {
  const cluster = await startRedisCluster();
  return {
    shared: true,
    open: () => createRedisStore({ url: cluster.url, prefix: 'lamp' }),
    dispose: () => cluster[Symbol.asyncDispose](),
  };
});
