import type { PublishedState } from './publication.ts';
import { childOf, childrenOf, isNamed, type XmlElement, type XmlName } from './xml-element.ts';

/** RFC 3863; the data model (RFC 4479), RPID (RFC 4480) and their drafts are namespaces that begin with it. */
const NAMESPACE = 'urn:ietf:params:xml:ns:pidf';

/** What is taken of one document at most. */
const MOST = { activities: 16, name: 64, note: 256 } as const;

/** What a PIDF document says (RFC 3863, RFC 4480); null when it is none. Tuples without a basic status are open. */
export function readPublishedPresence(root: XmlElement): PublishedState | null {
  if (!isNamed(root, named('presence'))) return null;
  const tuples = childrenOf(root, named('tuple'));
  const persons = childrenOf(root, named('person'));
  const statuses = childrenOfAll(tuples, named('status'));
  const words = childrenOfAll(statuses, named('basic')).map(({ text }) => text.toLowerCase());
  // Drafts of RPID, which phones still speak, have the activities in the status of a tuple.
  const places = [root, ...persons, ...tuples, ...statuses];
  const note = noteOf([...persons, root, ...tuples]);
  const presence = {
    basic: words.length > 0 && words.every((word) => word === 'closed') ? 'closed' : 'open',
    activities: activitiesOf(places),
    ...(note === undefined ? {} : { note }),
  } as const;
  return { package: 'presence', presence };
}

function named(name: string): XmlName {
  return { name, namespace: NAMESPACE };
}

function childrenOfAll(elements: readonly XmlElement[], wanted: XmlName): readonly XmlElement[] {
  return elements.flatMap((element) => childrenOf(element, wanted));
}

function activitiesOf(places: readonly XmlElement[]): readonly string[] {
  const found = childrenOfAll(places, named('activities')).flatMap(({ children }) => children);
  const names = found.map(({ name }) => name.toLowerCase()).filter(isActivity);
  return [...new Set(names)].slice(0, MOST.activities);
}

/** RFC 4480 §3.2: `unknown` says nothing, `note` is for people, and `other` has its name in its text. */
function isActivity(name: string): boolean {
  const plain = /^[a-z][a-z0-9-]*$/.test(name) && name.length <= MOST.name;
  return plain && !['unknown', 'note', 'other'].includes(name);
}

function noteOf(places: readonly XmlElement[]): string | undefined {
  const texts = places.map((place) => childOf(place, named('note'))?.text ?? '');
  const note = texts.find((text) => text !== '');
  return note?.replaceAll(/\s+/g, ' ').slice(0, MOST.note).toWellFormed();
}
