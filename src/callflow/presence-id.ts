import { parseResource, type Resource } from '../presence/resource.ts';
import type { Block, BlockAround, BlockProblem, RunWorld } from './action.ts';
import { type Data, textOf } from './data.ts';
import type { TextField } from './field.ts';

/** What a presence ID in a document means: a resource, or why there is none. */
export type PresenceIdResult =
  | { readonly kind: 'resource'; readonly resource: Resource }
  | {
      readonly kind: 'refused';
      readonly code: 'missing-id' | 'bad-id' | 'foreign-realm';
      readonly message: string;
    };

/** The field that every block about a lamp has. */
export const PRESENCE_ID: TextField = {
  kind: 'text',
  key: 'presence_id',
  label: 'ID',
  help: 'The Presence ID: the extension sent as BLF update, such as night or 1001.',
  maxLength: 257,
  placeholder: 'night',
  suggest: 'presence-id',
};

/** The resource that a block is about: its own ID, or what the pattern captured when it names none (as in Kazoo). */
export function blockResource(block: Block): PresenceIdResult {
  const id = textOf(block.data, PRESENCE_ID.key) ?? block.capture ?? '';
  if (id === '')
    return refused('missing-id', 'No presence ID: the block names none and nothing was captured');
  return resolveId(id, block.realm, block.world);
}

/** What is wrong with the ID of a block. */
export function checkPresenceId(data: Data, around: BlockAround): readonly BlockProblem[] {
  const { callflow, world } = around;
  const id = textOf(data, PRESENCE_ID.key);
  if (id === null) return callflow.patterns.length > 0 ? [] : [MISSING];
  const found = resolveId(id, callflow.realm, world);
  if (found.kind === 'resource') return [];
  // A foreign realm may be granted later; an ID that is none never works.
  const severity = found.code === 'foreign-realm' ? 'warning' : 'error';
  return [{ severity, code: found.code, message: found.message }];
}

const MISSING: BlockProblem = {
  severity: 'error',
  code: 'missing-id',
  message: 'The block names no presence ID, and the callflow has no pattern that could capture one',
};

/** The resource that a presence ID in a document of `realm` means, if that realm may touch it. */
export function resolveId(id: string, realm: string, world: RunWorld): PresenceIdResult {
  const resource = parseResource(id, realm, world.userCase);
  if (resource === null) return refused('bad-id', `"${clip(id)}" is no presence ID: want user or user@realm`);
  const own = realm.toLowerCase();
  const named = world.realmNamed?.(resource.realm) ?? resource.realm;
  const granted =
    named === own || world.grantedRealms.some((one) => one === '*' || one.toLowerCase() === named);
  if (!granted)
    return refused('foreign-realm', `The realm ${clip(resource.realm)} is not granted to this callflow`);
  return { kind: 'resource', resource: { realm: named, user: resource.user } };
}

function refused(code: 'missing-id' | 'bad-id' | 'foreign-realm', message: string): PresenceIdResult {
  return { kind: 'refused', code, message };
}

/** A text of a document as part of a message: not longer than people read. */
export function clip(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 63)}…`;
}
