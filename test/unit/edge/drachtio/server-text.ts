/** What drachtio-server writes when a response has come to a request of ours; from no address: it made that itself. */
export function responseMessage(
  status: number,
  { address = '192.0.2.7', transaction = 'txn-1', headers = '' } = {},
): string {
  const place = address === '' ? '0|tcp||0' : `300|udp|${address}|5060`;
  const sip = `SIP/2.0 ${status} So\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nCSeq: 9 NOTIFY\r\n${headers}Content-Length: 0\r\n\r\n`;
  return `u-u|sip|network|${place}|12:00:00.000001|${transaction}|call;from-tag=theirs|\r\n${sip}`;
}

/** What it writes when it has sent a request. */
export function echoMessage(
  id: string,
  { transaction = 'txn-1', cseq = '9 NOTIFY', place = 'udp|192.0.2.1|5060' } = {},
): string {
  const sip = `NOTIFY sip:x@192.0.2.7 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nCSeq: ${cseq}\r\n\r\n`;
  return `u-u|response|${id}|OK|application|700|${place}|12:00:00.000001|${transaction}|Msg sent:|\r\n${sip}`;
}
