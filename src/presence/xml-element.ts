/** An element of an XML document, as far as readers of documents need it. */
export interface XmlElement {
  /** Its local name, without prefix. */
  readonly name: string;
  /** Its namespace; empty when it has none, or a prefix that the document does not declare. */
  readonly namespace: string;
  /** By name as written, prefix included; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own character data, trimmed; that of its children is theirs. */
  readonly text: string;
}

/**
 * Reads a document and gives its root. Null when it is not well-formed, has a DTD, or is larger, deeper or fuller than
 * a phone's documents are.
 */
export type ReadXml = (text: string) => XmlElement | null;

/** What an element must be: a local name in a namespace, or in one of those that begin with it (drafts, extensions). */
export interface XmlName {
  readonly name: string;
  readonly namespace: string;
}

/**
 * True when the element has that name. One without a namespace counts as well: phones forget to declare them, and a
 * name that means something else is then most unlikely.
 */
export function isNamed(element: XmlElement, { name, namespace }: XmlName): boolean {
  if (element.name !== name) return false;
  return element.namespace === '' || element.namespace.startsWith(namespace);
}

/** The children of that name, in order. */
export function childrenOf(element: XmlElement | undefined, wanted: XmlName): readonly XmlElement[] {
  return element?.children.filter((child) => isNamed(child, wanted)) ?? [];
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, wanted: XmlName): XmlElement | undefined {
  return element?.children.find((child) => isNamed(child, wanted));
}
