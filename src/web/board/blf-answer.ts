/** A response to a SUBSCRIBE of the panel. */
export interface BlfAnswer {
  readonly id: string;
  readonly status: number;
}

/** Reads a SIP message; null for what is no response to a SUBSCRIBE. sip.js itself does not tell why one was refused. */
export function readBlfAnswer(message: string): BlfAnswer | null {
  const status = /^SIP\/2\.0 (\d{3}) /.exec(message)?.[1];
  const [head = ''] = message.split('\r\n\r\n', 1);
  const user = /^To:[^\r\n]*?sips?:([^@;>\r\n]+)@/im.exec(head)?.[1];
  if (status === undefined || user === undefined || !/^CSeq:\s*\d+\s+SUBSCRIBE\s*$/im.test(head)) return null;
  return { id: decodeURIComponent(user), status: Number(status) };
}

/** Why the server does not take a SIP user; null: the answer is about something else. */
export function denialOf(status: number | undefined): string | null {
  if (status === 401) return 'The server does not know this SIP user, or the password is wrong';
  if (status === 480) return 'Too many wrong passwords came from here: wait a minute, then try again';
  return null;
}

/** What a key says that has no subscription, after the last answer to its SUBSCRIBE. */
export function keyFault(status: number | undefined): string {
  if (status === 403) return 'You may not watch this ID';
  if (status === undefined || status < 300) return 'The server ended the subscription';
  return `The server refused the subscription (${status})`;
}
