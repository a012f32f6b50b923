import type { Dialog } from '../../sip/dialog.ts';
import type { ByteString } from '../../sip/message.ts';
import { serialize } from '../../sip/serialize.ts';
import type { NextHop } from './next-hop.ts';
import type { SentBy } from './notify-head.ts';

/** What a BYE needs besides its dialog. */
export interface ByeParts {
  readonly hop: NextHop;
  readonly sentBy: SentBy;
  readonly branch: ByteString;
}

/** The text of the BYE that ends a call (RFC 3261 §15.1.1): our first request in its dialog. */
export function byeText(dialog: Dialog, { hop, sentBy, branch }: ByeParts): ByteString {
  const toTag = dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`;
  const headers = [
    ...['via', `SIP/2.0/${sentBy.transport} ${sentBy.hostPort};rport;branch=${branch}`],
    ...['max-forwards', '70'],
    ...hop.routes.flatMap((route) => ['route', route]),
    ...['from', `${dialog.localUri};tag=${dialog.localTag}`],
    ...['to', `${dialog.remoteUri}${toTag}`],
    ...['call-id', dialog.callId],
    ...['cseq', '1 BYE'],
  ];
  return serialize({ kind: 'request', method: 'BYE', uri: hop.requestUri, headers, body: '' });
}
