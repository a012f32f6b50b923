/** The messages that wait in a mailbox (RFC 3842 §5.2), of the class voice-message. Counts are whole and not negative. */
export interface MailSummary {
  readonly newMessages: number;
  readonly oldMessages: number;
  readonly newUrgent: number;
  readonly oldUrgent: number;
}
