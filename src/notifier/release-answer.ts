import type { Answer, IncomingRequest } from '../ports/edge.ts';

/**
 * A 200 to an INVITE whose media never flows: each stream of the offer is refused with port 0 but the first audio,
 * which is inactive (RFC 3264 §6 and §6.1). An INVITE without an offer gets one of ours.
 */
export function releaseAnswer(request: IncomingRequest): Answer {
  const address = request.flow.localAddress;
  const family = address.includes(':') ? 'IP6' : 'IP4';
  const head = ['v=0', `o=- 0 0 IN ${family} ${address}`, 's=-', `c=IN ${family} ${address}`, 't=0 0'];
  const media = mediaOf(request.message.body);
  const body = `${[...head, ...media].join('\r\n')}\r\n`;
  return { status: 200, headers: ['content-type', 'application/sdp'], body };
}

/** The port of media that nobody sends: discard. */
const DISCARD = 9;

function mediaOf(offer: string): readonly string[] {
  const lines = offer.split(/\r\n|\n/).filter((line) => line.startsWith('m='));
  if (lines.length === 0) return [`m=audio ${DISCARD} RTP/AVP 0`, 'a=inactive'];
  let active = false;
  return lines.flatMap((line) => {
    const [kind = 'm=audio', , protocol = 'RTP/AVP', ...formats] = line.split(' ');
    const taken = kind === 'm=audio' && !active;
    active ||= taken;
    const answer = `${kind} ${taken ? DISCARD : 0} ${protocol} ${formats.join(' ') || '0'}`;
    return taken ? [answer, 'a=inactive'] : [answer];
  });
}
