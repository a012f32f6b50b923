import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { ReadXml, XmlElement } from './presence/xml-element.ts';

/** The most that a document may have; those of phones stay far below. */
const MOST = { units: 65_536, depth: 32, elements: 2_000, attributes: 64 } as const;

const NAMESPACE_DECLARATIONS = 'http://www.w3.org/2000/xmlns/';

/** Phones use prefixes that they do not declare: such a name has no namespace, but the parser wants one. */
const UNDECLARED = 'undeclared:';

/** An element while its content is read. */
interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** What ends the reading of a document. */
class Unreadable extends Error {}

/**
 * Reads XML documents from the network: strictly well-formed XML 1.0 with namespaces, no DTD (so no entities but the
 * five of XML), and bounded in every direction.
 */
export const readXml: ReadXml = (text) => {
  if (text.length > MOST.units) return null;
  try {
    return read(text);
  } catch {
    // Whatever the parser has against a document: it cannot be used.
    return null;
  }
};

function read(text: string): XmlElement | null {
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  let attributes = 0;
  const parser = new SaxesParser({
    xmlns: true,
    position: false,
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
    resolvePrefix: (prefix: string) => `${UNDECLARED}${prefix}`,
  });
  const stopIf = (tooMuch: boolean) => {
    if (tooMuch) throw new Unreadable();
  };
  parser.on('doctype', () => stopIf(true));
  parser.on('attribute', () => {
    attributes += 1;
    stopIf(attributes > MOST.attributes);
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    attributes = 0;
    stopIf(elements > MOST.elements || open.length >= MOST.depth);
    const element = elementOf(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (more: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element !== undefined) element.text = element.text.trim();
  });
  parser.write(text).close();
  return root;
}

function elementOf(tag: SaxesTagNS): OpenElement {
  const own = Object.values(tag.attributes).filter(({ uri }) => uri !== NAMESPACE_DECLARATIONS);
  const attributes = new Map(own.map(({ name, value }) => [name, value]));
  const namespace = tag.uri.startsWith(UNDECLARED) ? '' : tag.uri;
  return { name: tag.local, namespace, attributes, children: [], text: '' };
}
