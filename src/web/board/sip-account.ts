/** Whom the BLF panel authenticates as. It is kept in memory only, and gone with the page. */
export interface SipAccount {
  readonly user: string;
  readonly password: string;
}
