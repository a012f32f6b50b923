/** What this edge counts, besides what the application counts itself. */
export type DrachtioCount =
  /** A source that is not trusted: answered 403. */
  | 'untrusted'
  | 'malformed'
  /** An answer to who knows where that could not be made as short as its request. */
  | 'unproven'
  /** RFC 3261 §8.2.2.2: a second copy of a SUBSCRIBE or INVITE, answered 482. */
  | 'merged'
  /** A new SUBSCRIBE under the Call-ID and From tag of a live dialog: answered 481. */
  | 'dialog_reused'
  /** A message that drachtio-server could not carry. */
  | 'too_large'
  /** drachtio-server had lost a dialog: its subscription goes on out of dialog. */
  | 'dialog_lost'
  /** A NOTIFY that drachtio-server would have handed, or has handed, to the connection of another phone. */
  | 'misrouted'
  /** drachtio-server refused to send. */
  | 'refused'
  /** No final response within our own time. */
  | 'overdue'
  /** A response that could not be handed over: its connection was lost. */
  | 'unanswered'
  /** OPTIONS that keep NATs open. */
  | 'keepalive_sent'
  | 'keepalive_unanswered'
  | 'connection_lost';
