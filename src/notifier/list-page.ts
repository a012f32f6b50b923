import { fillDocument } from '../presence/package/document.ts';
import {
  type BodyPart,
  type Multipart,
  PART_FRAME_OCTETS,
  writeMultipart,
} from '../presence/package/multipart-related.ts';
import {
  instanceElement,
  RESOURCE_END,
  RLMI,
  RLMI_END,
  type RlmiList,
  rlmiOpening,
} from '../presence/package/rlmi.ts';
import type { ByteString } from '../sip/message.ts';
import type { ListEntry } from './list-entry.ts';

/** What one NOTIFY of a list is to say. */
export interface PageFacts {
  readonly list: RlmiList;
  /** Those that are to be told. With full state: every member. */
  readonly queue: readonly ListEntry[];
  /** Where in the queue this page begins. */
  readonly from: number;
  /** What the body should take at most, in octets. A page that only goes on has one part, even if that takes more. */
  readonly octets: number;
  /** What it must not exceed, because it could not be sent. */
  readonly mostOctets: number;
  /** What makes Content-IDs unique: the id of the subscription, in the place of a domain. */
  readonly subscription: ByteString;
}

/** A NOTIFY body, and how many entries of the queue it tells of. */
export interface Page extends Multipart {
  readonly told: number;
}

/**
 * The next NOTIFY body of a list (RFC 4662 §5): as many of the queue as fit. With full state every member is named
 * (§5.2), those that do not fit without an instance; their documents follow in the next pages. Only where that
 * could not be sent at all the next pages bring the names, too, as those of members that come to a list.
 */
export function writePage(facts: PageFacts): Page {
  const { list, queue, from, octets } = facts;
  const opening = rlmiOpening(list);
  const rootId = contentIdOf(facts, 'list');
  const names = list.fullState ? namesOctets(queue) : 0;
  const frame = FRAME_OCTETS + opening.length + rootId.length;
  const namesAll = list.fullState && frame + names <= facts.mostOctets;
  let room = octets - frame - (namesAll ? names : 0);
  const parts: BodyPart[] = [];
  for (let at = from; at < queue.length; at += 1) {
    const entry = queue[at] as ListEntry;
    const part = partFor(facts, at, at === from ? room : Number.POSITIVE_INFINITY);
    const cost = partOctets(part) + (namesAll ? 0 : nameOctets(entry));
    if (cost > room && (namesAll || at > from)) break;
    room -= cost;
    parts.push(part);
  }
  const until = namesAll ? queue.length : from + parts.length;
  const text = opening + resources(facts, parts, until) + RLMI_END;
  const root = { contentType: RLMI, contentId: rootId, text };
  return { ...writeMultipart([root, ...parts]), told: parts.length };
}

/** Root with its type, end of the multipart body, RLMI_END. */
const FRAME_OCTETS = PART_FRAME_OCTETS + RLMI.length + 40;

function partOctets({ contentId, contentType, text }: BodyPart): number {
  // The id stands in RLMI, too.
  return PART_FRAME_OCTETS + INSTANCE_OCTETS + 2 * contentId.length + contentType.length + text.length;
}

const INSTANCE_OCTETS = instanceElement('').length;

function namesOctets(entries: readonly ListEntry[]): number {
  let octets = 0;
  for (const entry of entries) octets += nameOctets(entry);
  return octets;
}

function nameOctets(entry: ListEntry): number {
  return entry.opening.length + RESOURCE_END.length;
}

/** The document of one member; the brief one if there is such and the other takes more than `room`. */
function partFor(facts: PageFacts, at: number, room: number): BodyPart {
  const { watch, style, entity } = facts.queue[at] as ListEntry;
  const document = watch.document(style);
  const part = {
    contentType: document.contentType,
    contentId: contentIdOf(facts, String(at)),
    text: fillDocument(document, entity, facts.list.version),
  };
  const brief = partOctets(part) > room ? watch.brief(style) : null;
  return brief === null ? part : { ...part, text: fillDocument(brief, entity, facts.list.version) };
}

function contentIdOf({ list, subscription }: PageFacts, what: string): string {
  return `${what}.${list.version}@${subscription}`;
}

function resources({ queue, from }: PageFacts, parts: readonly BodyPart[], until: number): string {
  let text = '';
  for (let at = from; at < until; at += 1) {
    const part = parts[at - from];
    const instance = part === undefined ? '' : instanceElement(part.contentId);
    text += (queue[at] as ListEntry).opening + instance + RESOURCE_END;
  }
  return text;
}
