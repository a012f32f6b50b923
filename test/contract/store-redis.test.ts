import { createRedisStore } from '../../src/store/redis/store.ts';
import { redisForTests } from '../support/redis.ts';
import { storeContract } from './store.ts';

storeContract('redis', async () => {
  const redis = await redisForTests();
  return {
    shared: true,
    open: () => createRedisStore(redis),
    dispose: () => redis[Symbol.asyncDispose](),
  };
});
