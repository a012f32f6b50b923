import type { RunWorld } from '../callflow/action.ts';
import { resolveId } from '../callflow/presence-id.ts';
import { formatResource, type Resource } from '../presence/resource.ts';
import type { ListMember, ResourceList } from '../presence/resource-list.ts';

/** A list as it is watched: its members are resources. */
export interface ResolvedList {
  readonly resource: Resource;
  readonly name: string;
  readonly members: readonly ResolvedMember[];
  /** Differs when anything that phones are told of the list differs. */
  readonly mark: string;
}

export interface ResolvedMember {
  readonly resource: Resource;
  /** For people; empty: none. */
  readonly name: string;
}

/**
 * The list with the resources that its members mean. What cannot be watched is left out: a realm that is not granted
 * (any more), no presence ID, one that is there twice, and the list itself.
 */
export function resolveList(list: ResourceList, world: RunWorld): ResolvedList {
  const { realm, id, name } = list;
  const resource = { realm, user: id };
  const seen = new Set([formatResource(resource)]);
  const members: ResolvedMember[] = [];
  for (const member of list.members) {
    const found = resolveId(member.id, realm, world);
    if (found.kind === 'refused' || seen.has(formatResource(found.resource))) continue;
    seen.add(formatResource(found.resource));
    members.push({ resource: found.resource, name: member.name ?? '' });
  }
  return { resource, name, members, mark: JSON.stringify([name, members]) };
}

/** The list as somebody gets it: with the members that it may see (RFC 4662 §7.2). */
export function listSeenBy(list: ResolvedList, sees: (resource: Resource) => boolean): ResolvedList {
  return { ...list, members: list.members.filter(({ resource }) => sees(resource)) };
}

/** What else must be known to judge a list. */
export interface ListAround {
  readonly world: RunWorld;
  readonly mostMembers: number;
  /** The other lists of its realm and of the realms of its members. */
  readonly others: readonly ResourceList[];
}

/**
 * Why a list cannot be saved, in words, or null. RFC 4662 §7.4: lists in lists can make loops, so no member is a list.
 */
export function listFault(list: ResourceList, { world, mostMembers, others }: ListAround): string | null {
  if (list.members.length > mostMembers) return `A list can have ${mostMembers} members at most`;
  const self = { realm: list.realm, user: list.id };
  const lists = new Set([self, ...others.map(resourceOfList)].map(formatResource));
  const seen = new Set<string>();
  for (const { id } of list.members) {
    const found = resolveId(id, list.realm, world);
    if (found.kind === 'refused') return memberFault(id, found.code);
    const key = formatResource(found.resource);
    if (lists.has(key)) return `"${id}" is a list: a list cannot be a member of one`;
    if (seen.has(key)) return `"${id}" is there twice`;
    seen.add(key);
  }
  const holder = others.find(({ realm, members }) => holds(members, realm, { self, world }));
  return holder === undefined ? null : `"${list.id}" is a member of list "${holder.id}": it cannot be a list`;
}

function memberFault(id: string, code: string): string {
  return code === 'foreign-realm'
    ? `"${id}" is in a realm that is not granted to this one (callflows.grants)`
    : `"${id}" must be a user part or user@realm`;
}

function resourceOfList({ realm, id }: ResourceList): Resource {
  return { realm, user: id };
}

function holds(
  members: readonly ListMember[],
  realm: string,
  { self, world }: { readonly self: Resource; readonly world: RunWorld },
): boolean {
  const wanted = formatResource(self);
  return members.some(({ id }) => {
    const found = resolveId(id, realm, world);
    return found.kind === 'resource' && formatResource(found.resource) === wanted;
  });
}
