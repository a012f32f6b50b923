import { toUtf8 } from '../../sip/utf8.ts';
import type { Heard, HeardInvite } from './heard.ts';
import { forgetInvite, type SrfRequest } from './srf.ts';

/** A request that drachtio-srf has read. */
export function heardBySrf(request: SrfRequest): Heard {
  return {
    method: request.method,
    // drachtio-srf has made text of the octets; here they are octets again.
    text: toUtf8(request.msg.raw),
    transaction: request.stackTxnId,
    dialogId: toUtf8(request.stackDialogId ?? ''),
    isOwn: request.source === 'application',
    invite: request.method === 'INVITE' ? inviteOf(request) : null,
    address: request.source_address,
    port: request.source_port,
    protocol: request.protocol,
    receivedOn: request.receivedOn ?? '',
  };
}

function inviteOf(request: SrfRequest): HeardInvite {
  return {
    onCancel: (listener) => request.on('cancel', listener),
    forget: () => forgetInvite(request),
  };
}
