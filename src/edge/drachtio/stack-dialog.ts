import type { Flow, StackDialog } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';

/** What one accepted SUBSCRIBE says about the dialog in drachtio-server. */
export interface DialogNews {
  /** `host:port` of the server that heard it. */
  readonly server: string;
  readonly dialogId: string;
  /** The server knows a dialog with this Call-ID and From tag. */
  readonly known: boolean;
  /** The request has a To tag: for the phone the dialog exists. */
  readonly hasToTag: boolean;
  readonly flow: Flow;
  /** The URI of its Contact. */
  readonly target: ByteString;
}

/**
 * What the record must keep after `news`. In dialog, drachtio-server sends to the flow and Contact of the SUBSCRIBE
 * that formed the dialog and never learns others, and it numbers the NOTIFYs itself. So the subscription leaves
 * the dialog of the server for good when the phone has moved, when another server heard it, and when the server
 * has lost the dialog (it restarted: it would begin again at a lower CSeq).
 */
export function stackAfter(news: DialogNews, previous: StackDialog | null): StackDialog {
  const { server, dialogId, flow, target } = news;
  if (previous === null) return { server, dialogId, flow, target, inDialog: news.known || !news.hasToTag };
  const stays = previous.inDialog && news.known && previous.server === server && !hasMoved(news, previous);
  if (previous.server !== server) return { server, dialogId, flow, target, inDialog: false };
  return stays === previous.inDialog ? previous : { ...previous, inDialog: false };
}

/** The name of a dialog in drachtio-server, known before it exists, by its Call-ID and the phone's tag. */
export function dialogIdOf(callId: ByteString, remoteTag: ByteString): string {
  return `${callId};from-tag=${remoteTag}`;
}

function hasMoved(news: DialogNews, first: StackDialog): boolean {
  return news.target !== first.target || !sameRemote(news.flow, first.flow);
}

function sameRemote(one: Flow, other: Flow): boolean {
  return (
    one.transport === other.transport &&
    one.remoteAddress === other.remoteAddress &&
    one.remotePort === other.remotePort
  );
}
