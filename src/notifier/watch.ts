import { type Board, type BoardMark, NO_BOARD } from '../presence/board.ts';
import type { LampOrder } from '../presence/lamp.ts';
import type { DocumentTemplate } from '../presence/package/document.ts';
import { findPackage } from '../presence/package/event-package.ts';
import { bucketOf, type Resource } from '../presence/resource.ts';
import { toUtf8 } from '../sip/utf8.ts';
import type { Slot } from './slot.ts';

/** One resource that phones of this node watch: its board as last heard, and its documents, encoded once. */
export class Watch {
  readonly resource: Resource;
  readonly bucket: number;
  readonly slots = new Set<Slot>();
  /** Slots, and subscriptions that are on their way to become one. */
  holders = 0;
  /** False until the board was read for the first time. */
  known = false;
  #board: Board | null = null;
  readonly #documents = new Map<string, DocumentTemplate>();

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
    this.#documents.clear();
  }

  get mark(): BoardMark {
    return this.#board ?? NO_BOARD;
  }

  /** The document of a package, as octets: one encoding for all watchers. */
  document(packageName: string, order: LampOrder): DocumentTemplate {
    const known = this.#documents.get(packageName);
    if (known !== undefined) return known;
    const encoded = encode(packageName, this.#board, order);
    this.#documents.set(packageName, encoded);
    return encoded;
  }
}

function encode(packageName: string, board: Board | null, order: LampOrder): DocumentTemplate {
  const template = findPackage(packageName)?.encode(board, order);
  if (template === undefined) return { contentType: '', parts: [''], places: [] };
  return { ...template, parts: template.parts.map(toUtf8) };
}
