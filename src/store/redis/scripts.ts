import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script: what it does, its KEYS and ARGV stand at its head. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** Every script of the Redis store, one file each under `lua/`. */
export const scripts = {
  boardSwap: load('board-swap'),
  claim: load('claim'),
  documentRemove: load('document-remove'),
  documentSave: load('document-save'),
  dueSweep: load('due-sweep'),
  nodeBeat: load('node-beat'),
  nodeClaim: load('node-claim'),
  nodeLeave: load('node-leave'),
  nodeRelease: load('node-release'),
  ownedAdd: load('owned-add'),
  realmWatched: load('realm-watched'),
  runAdd: load('run-add'),
  subscriptionCheckpoint: load('subscription-checkpoint'),
  subscriptionWrite: load('subscription-write'),
  watchedAdd: load('watched-add'),
} as const;

function load(name: string): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
