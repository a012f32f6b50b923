import type { LegState } from './leg.ts';
import { LEG_STATES } from './leg.ts';
import { type Tag, tagsOf } from './xml-tags.ts';

/** One dialog of a dialog-info document (RFC 4235 §4.1). */
export interface SeenDialog {
  readonly state: LegState;
  /** RFC 4235 §5.2: our side does not render media. */
  readonly held: boolean;
  /** Display name or URI of the other side. */
  readonly remote: string | null;
}

/** The dialogs of a document; null when it is no dialog-info. Reads what lamps need, and does not validate. */
export function readDialogInfo(document: string): readonly SeenDialog[] | null {
  const tags = tagsOf(document);
  if (tags[0]?.name !== 'dialog-info') return null;
  return splitDialogs(tags).map(dialogOf);
}

/** The tags of each `<dialog>` that is a child of the root, by local names. */
function splitDialogs(tags: readonly Tag[]): readonly (readonly Tag[])[] {
  const dialogs: Tag[][] = [];
  let current: Tag[] | null = null;
  for (const tag of tags) {
    if (tag.name === 'dialog') {
      if (tag.kind !== 'close') dialogs.push([]);
      current = tag.kind === 'open' ? (dialogs.at(-1) ?? null) : null;
    } else current?.push(tag);
  }
  return dialogs;
}

function dialogOf(tags: readonly Tag[]): SeenDialog {
  const word = tags.find((tag) => tag.name === 'state' && tag.kind === 'open')?.text.trim();
  const local = within(tags, 'local');
  const remote = within(tags, 'remote').find((tag) => tag.name === 'identity' && tag.kind === 'open');
  return {
    // RFC 4235 §4.1.5: a dialog must have a state; one without says nothing of a call.
    state: LEG_STATES.find((state) => state === word) ?? 'terminated',
    held: local.some(rendersNothing),
    remote: remote === undefined ? null : (remote.attributes.get('display') ?? remote.text.trim()) || null,
  };
}

function within(tags: readonly Tag[], name: string): readonly Tag[] {
  const open = tags.findIndex((tag) => tag.name === name && tag.kind === 'open');
  const close = tags.findIndex((tag) => tag.name === name && tag.kind === 'close');
  return open === -1 ? [] : tags.slice(open + 1, close === -1 ? undefined : close);
}

/** `pval` is the RFC's name of the attribute, `pvalue` what most servers write. */
function rendersNothing({ name, attributes }: Tag): boolean {
  const param = attributes.get('pname') ?? '';
  const value = attributes.get('pval') ?? attributes.get('pvalue');
  return name === 'param' && /^\+?sip\.rendering$/.test(param) && value === 'no';
}
