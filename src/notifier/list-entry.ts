import type { BoardMark } from '../presence/board.ts';
import type { DocumentTemplate } from '../presence/package/document.ts';
import { resourceOpening } from '../presence/package/rlmi.ts';
import type { DocumentStyle } from '../presence/package/style.ts';
import { escapeXml } from '../presence/package/xml.ts';
import type { ByteString } from '../sip/message.ts';
import { escapeUser } from '../sip/uri.ts';
import { toUtf8 } from '../sip/utf8.ts';
import type { ResolvedMember } from './resolved-list.ts';
import type { Watch } from './watch.ts';

/** One member of a list in one subscription: what its phone was told. Mutable, as a slot is. */
export class ListEntry {
  readonly member: ResolvedMember;
  readonly watch: Watch;
  readonly style: DocumentStyle;
  /** The resource in RLMI up to its instances. */
  readonly opening: ByteString;
  /** The entity of its documents, escaped. */
  readonly entity: ByteString;
  /** The board, and its document, in the NOTIFY that told of it last. */
  sent: BoardMark | null = null;
  document: DocumentTemplate | null = null;
  /** True while there is something that the phone was not told. */
  pending = true;

  constructor(member: ResolvedMember, watch: Watch, { uri, style }: EntryStart) {
    this.member = member;
    this.watch = watch;
    this.style = style;
    this.entity = escapeXml(uri);
    this.opening = resourceOpening(this.entity, toUtf8(escapeXml(member.name)));
  }

  /** It stands in a NOTIFY that goes out now. */
  tell(): void {
    this.sent = this.watch.mark;
    this.document = this.watch.document(this.style);
    this.pending = false;
  }
}

interface EntryStart {
  readonly uri: ByteString;
  readonly style: DocumentStyle;
}

/** The URI of a member: with the host that the phone itself used, where the member is in the realm of the list. */
export function memberUri(member: ResolvedMember, listUri: ByteString, listRealm: string): ByteString {
  const { realm, user } = member.resource;
  const scheme = listUri.slice(0, listUri.indexOf(':'));
  const host = realm === listRealm ? listUri.slice(listUri.indexOf('@') + 1) : realm;
  return `${scheme}:${escapeUser(user)}@${host}`;
}
