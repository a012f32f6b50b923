import type { FuzzTarget } from './fuzz-target.ts';
import { DIGEST } from './target/digest.ts';
import { DOCUMENTS, SEEN, XML } from './target/documents.ts';
import { FRAMING } from './target/framing.ts';
import { INSPECT, MESSAGE, PEEK } from './target/message.ts';
import { PUBLISHED } from './target/publish.ts';
import { ACCEPT, EVENT, NAME_ADDR, STUN, URI, VIA } from './target/values.ts';

/** Everything that is fuzzed: whoever adds a reader of foreign octets adds its target here. */
export const TARGETS: readonly FuzzTarget[] = [
  MESSAGE,
  INSPECT,
  PEEK,
  FRAMING,
  VIA,
  URI,
  NAME_ADDR,
  EVENT,
  ACCEPT,
  STUN,
  XML,
  DOCUMENTS,
  SEEN,
  DIGEST,
  PUBLISHED,
];
