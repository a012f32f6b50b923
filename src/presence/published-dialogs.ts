import { LEG_STATES, type Party } from './leg.ts';
import type { PublishedDialog, PublishedState } from './publication.ts';
import { childOf, childrenOf, isNamed, type XmlElement } from './xml-element.ts';

const NAMESPACE = 'urn:ietf:params:xml:ns:dialog-info';

/** Dialogs of one document that are read; a phone has fewer. */
const MOST_DIALOGS = 16;
/** The longest identifier and URI that are taken, in characters. */
const LONGEST_ID = 256;
const LONGEST_URI = 512;
const LONGEST_DISPLAY = 128;

/**
 * The dialogs of a dialog-info document (RFC 4235 §4); null when it is none. Its version is of no use here: the
 * entity-tag says which document comes after which (RFC 3903 §4.1). A dialog that nothing identifies is left out.
 */
export function readPublishedDialogs(root: XmlElement): PublishedState | null {
  if (!isNamed(root, named('dialog-info'))) return null;
  const dialogs = childrenOf(root, named('dialog')).slice(0, MOST_DIALOGS);
  return {
    package: 'dialog',
    dialogs: dialogs.map(dialogOf).filter((dialog) => dialog !== null),
    partial: root.attributes.get('state') === 'partial',
  };
}

function named(name: string) {
  return { name, namespace: NAMESPACE };
}

function dialogOf(element: XmlElement): PublishedDialog | null {
  const callId = identifier(element, 'call-id');
  // RFC 4235 §4.1.1 demands an id; what some phones write instead is the Call-ID alone.
  const id = identifier(element, 'id') ?? callId;
  if (id === undefined) return null;
  const word = childOf(element, named('state'))?.text.toLowerCase();
  const direction = element.attributes.get('direction');
  return {
    id,
    // RFC 4235 §4.1.5: a dialog must have a state; one without says nothing of a call.
    state: LEG_STATES.find((state) => state === word) ?? 'terminated',
    ...present({
      direction: direction === 'initiator' || direction === 'recipient' ? direction : undefined,
      callId,
      localTag: identifier(element, 'local-tag'),
      remoteTag: identifier(element, 'remote-tag'),
      local: partyOf(childOf(element, named('local'))),
      remote: partyOf(childOf(element, named('remote'))),
      held: isHeld(childOf(element, named('local'))) ? true : undefined,
    }),
  };
}

type Present<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without the members that are undefined: a board is stored as JSON, which has none. */
function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Present<Value>;
}

/** An attribute, unless it is empty or longer than any that phones make. */
function identifier(element: XmlElement, name: string): string | undefined {
  const value = element.attributes.get(name)?.trim() ?? '';
  return value === '' || value.length > LONGEST_ID ? undefined : value;
}

function partyOf(side: XmlElement | undefined): Party | undefined {
  const identity = childOf(side, named('identity'));
  const target = uriIn(childOf(side, named('target'))?.attributes.get('uri'));
  const uri = uriIn(identity?.text) ?? target;
  if (uri === undefined) return undefined;
  const display = identity?.attributes.get('display')?.slice(0, LONGEST_DISPLAY).toWellFormed();
  return { identity: uri, ...present({ target, display: display === '' ? undefined : display }) };
}

/** A URI that a phone can call; others are of no use to watchers. */
function uriIn(text: string | undefined): string | undefined {
  const uri = text?.trim() ?? '';
  return uri.length <= LONGEST_URI && /^(sips?|tel):[^\s<>]+$/i.test(uri) ? uri : undefined;
}

/** RFC 4235 §5.2; `+sip.rendering` and `pvalue` are what most servers and phones write. */
function isHeld(local: XmlElement | undefined): boolean {
  return childrenOf(childOf(local, named('target')), named('param')).some(({ attributes }) => {
    const name = attributes.get('pname')?.toLowerCase();
    const value = attributes.get('pval') ?? attributes.get('pvalue');
    return (name === 'sip.rendering' || name === '+sip.rendering') && value?.toLowerCase() === 'no';
  });
}
