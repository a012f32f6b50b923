import { matchesGlob } from './glob.ts';
import type { View } from './package/style.ts';
import type { Resource } from './resource.ts';

/** What a watcher gets: a view, or a refusal (403). */
export type Sight = View | 'refuse';

/** Patterns of users of the realm, or of `user@realm`; `*` stands for any characters. */
type Patterns = readonly string[];

/** Who sees how much of which IDs. The first rule that fits counts. */
export interface WatchRule {
  readonly watchers: Patterns;
  readonly ids: Patterns;
  readonly see: Sight;
}

/** Who may publish for IDs besides its own. */
export interface PublishRule {
  readonly publishers: Patterns;
  readonly ids: Patterns;
}

/** What each realm has decided about its IDs. */
export interface RealmPrivacy {
  readonly watch: Readonly<Record<string, readonly WatchRule[]>>;
  readonly publish: Readonly<Record<string, readonly PublishRule[]>>;
}

/** All that decides what somebody sees. */
export interface PrivacyRules extends RealmPrivacy {
  /** What whoever may watch sees where no rule says more. */
  readonly otherwise: View;
}

/** As whom somebody has authenticated, `user@realm`; null: trusted by its network, may do all. */
export type Identity = string | null;

/**
 * How much of a resource somebody sees (RFC 4235 §3.6, RFC 3856 §6.6.2): of its own ID everything; else what the first
 * rule of the resource's realm says that fits; without one, what is for everybody of the realm, and nobody else anything.
 */
export function sightOf(identity: Identity, resource: Resource, rules: PrivacyRules): Sight {
  if (identity === null) return rules.otherwise;
  if (isOwn(identity, resource)) return 'all';
  const ruled = ruledFor(identity, resource, rules);
  return ruled ?? (realmOfIdentity(identity) === resource.realm ? rules.otherwise : 'refuse');
}

/**
 * Whether somebody may know what waits in a mailbox (RFC 3842 §5): in its own, and in one that a rule shows to it whole.
 * That a realm sees each other's lamps does not open its mailboxes.
 */
export function mayReadMail(identity: Identity, resource: Resource, rules: RealmPrivacy): boolean {
  return identity === null || isOwn(identity, resource) || ruledFor(identity, resource, rules) === 'all';
}

/** What the first rule that fits says; null when none does. */
function ruledFor(identity: string, resource: Resource, rules: RealmPrivacy): Sight | null {
  for (const rule of rulesFor(rules.watch, resource)) {
    if (fits(rule.watchers, identity, resource) && fits(rule.ids, idOf(resource), resource)) return rule.see;
  }
  return null;
}

/** Whether somebody may publish for a resource: for its own ID, and where a rule of the realm lets it. */
export function mayPublish(identity: Identity, resource: Resource, rules: RealmPrivacy): boolean {
  if (identity === null || isOwn(identity, resource)) return true;
  return rulesFor(rules.publish, resource).some(
    (rule) => fits(rule.publishers, identity, resource) && fits(rule.ids, idOf(resource), resource),
  );
}

/** Whether somebody may call the callflows of a realm: those of its own. */
export function mayDial(identity: Identity, realm: string): boolean {
  return identity === null || realmOfIdentity(identity) === realm;
}

/** Whether a request is from whom a subscription belongs to. A network that is trusted speaks for everybody. */
export function isSameWatcher(identity: Identity, owner: Identity): boolean {
  return identity === null || owner === null || identity === owner;
}

function rulesFor<Rule>(
  rules: Readonly<Record<string, readonly Rule[]>>,
  { realm }: Resource,
): readonly Rule[] {
  return Object.hasOwn(rules, realm) ? (rules[realm] ?? []) : [];
}

/** A pattern without `@` is of the resource's own realm. */
function fits(patterns: Patterns, who: string, { realm }: Resource): boolean {
  return patterns.some((pattern) =>
    matchesGlob(pattern.includes('@') ? pattern : `${pattern}@${realm}`, who),
  );
}

function isOwn(identity: string, resource: Resource): boolean {
  return identity === idOf(resource);
}

function idOf({ user, realm }: Resource): string {
  return `${user}@${realm}`;
}

function realmOfIdentity(identity: string): string {
  return identity.slice(identity.lastIndexOf('@') + 1);
}
