import { parseCseq } from './cseq.ts';
import type { Dialog } from './dialog.ts';
import { listOf } from './list.ts';
import { type ByteString, headerOf, type SipRequest } from './message.ts';
import { formatNameAddr, type NameAddr, parseNameAddr, withoutTag } from './name-addr.ts';
import { paramOf } from './params.ts';

/**
 * The dialog that our answer to `request` forms (RFC 3261 §12.1.1). What `inspectRequest` would have refused, such
 * as a From that cannot be read, comes out empty.
 */
export function uasDialog(request: SipRequest, local: Pick<Dialog, 'localTag' | 'localTarget'>): Dialog {
  const from = addressOf(headerOf(request, 'from'));
  return {
    ...local,
    callId: headerOf(request, 'call-id') ?? '',
    remoteTag: paramOf(from.params, 'tag') ?? '',
    localUri: formatNameAddr(withoutTag(addressOf(headerOf(request, 'to')))),
    remoteUri: formatNameAddr(withoutTag(from)),
    remoteTarget: addressOf(listOf(request, 'contact')[0] ?? null).uri,
    routeSet: listOf(request, 'record-route'),
    remoteCseq: parseCseq(headerOf(request, 'cseq') ?? '')?.number ?? 0,
  };
}

const NOWHERE: NameAddr = Object.freeze({ display: null, uri: '', params: [] });

function addressOf(value: ByteString | null): NameAddr {
  return parseNameAddr(value ?? '') ?? NOWHERE;
}
