import { type Board, type BoardMark, NO_BOARD } from '../presence/board.ts';
import { addressDocument, type DocumentTemplate } from '../presence/package/document.ts';
import { findPackage } from '../presence/package/event-package.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { bucketOf, type Resource } from '../presence/resource.ts';
import { toUtf8 } from '../sip/utf8.ts';
import type { Slot } from './slot.ts';

/** The entity-tag of a resource that has no board. */
const NO_ENTITY = 'none';

/** From so many watchers on, the document is filled for all that asked for the same URI: one more for fewer takes room. */
const MANY = 8;

/** One resource that phones of this node watch: its board as last heard, and its documents, encoded once. */
export class Watch {
  readonly resource: Resource;
  readonly bucket: number;
  readonly slots = new Set<Slot>();
  /** Slots, and subscriptions that are on their way to become one. */
  holders = 0;
  /** False until the board was read for the first time. */
  known = false;
  /** The entity-tag of the board (RFC 5839 §6.1) as a header field: name, value. */
  entityTag: readonly [string, string] = ['SIP-ETag', NO_ENTITY];
  #board: Board | null = null;
  readonly #documents = new Map<DocumentStyle, DocumentTemplate>();
  readonly #briefs = new Map<DocumentStyle, DocumentTemplate | null>();
  /** The documents of the boards before: what says the same again stays the same object. */
  readonly #before = new Map<DocumentStyle, DocumentTemplate>();

  #addressed: Addressed | null = null;

  constructor(resource: Resource) {
    this.resource = resource;
    this.bucket = bucketOf(resource);
  }

  get board(): Board | null {
    return this.#board;
  }

  set board(board: Board | null) {
    this.#board = board;
    this.known = true;
    this.entityTag = ['SIP-ETag', board?.change ?? NO_ENTITY];
    for (const [style, document] of this.#documents) this.#before.set(style, document);
    this.#documents.clear();
    this.#briefs.clear();
    this.#addressed = null;
  }

  get mark(): BoardMark {
    return this.#board ?? NO_BOARD;
  }

  /**
   * The document of a style, as octets: one encoding for all its watchers. It is the same object as before the last
   * change of the board when it says the same: not every change concerns every package.
   */
  document(style: DocumentStyle): DocumentTemplate {
    const known = this.#documents.get(style);
    if (known !== undefined) return known;
    const encoded = encode(this.#board, style);
    const before = this.#before.get(style);
    const document = before !== undefined && saysTheSame(before, encoded) ? before : encoded;
    this.#documents.set(style, document);
    return document;
  }

  /** A document of this watch for a URI, as far as that spares work: most watchers ask for the same. */
  addressed(document: DocumentTemplate, entity: string): DocumentTemplate {
    if (this.slots.size < MANY) return document;
    const known = this.#addressed;
    if (known !== null && known.document === document && known.entity === entity) return known.template;
    const template = addressDocument(document, entity);
    this.#addressed = { document, entity, template };
    return template;
  }

  /** The brief document of a style (see `EventPackage`), or null when its package has none. */
  brief(style: DocumentStyle): DocumentTemplate | null {
    const known = this.#briefs.get(style);
    if (known !== undefined) return known;
    const template = findPackage(style.package)?.encodeBrief?.(this.#board, style) ?? null;
    const brief = template && inOctets(template);
    this.#briefs.set(style, brief);
    return brief;
  }
}

/** What `addressed` gave last. */
interface Addressed {
  readonly document: DocumentTemplate;
  readonly entity: string;
  readonly template: DocumentTemplate;
}

function saysTheSame(one: DocumentTemplate, other: DocumentTemplate): boolean {
  return one.contentType === other.contentType && one.parts.join('\u0001') === other.parts.join('\u0001');
}

function encode(board: Board | null, style: DocumentStyle): DocumentTemplate {
  const template = findPackage(style.package)?.encode?.(board, style);
  if (template === undefined) return { contentType: '', parts: [''], places: [] };
  return inOctets(template);
}

function inOctets(template: DocumentTemplate): DocumentTemplate {
  return { ...template, parts: template.parts.map(toUtf8) };
}
