/** What `--help` prints. */
export const HELP = `lamplighter: busy lamps for SIP phones

  lamplighter serve               Start the server
  lamplighter set ID STATUS       Set a manual status: idle, ringing or busy
      --note TEXT                 Words that presence watchers see
      --expires-in SECONDS        Fall back to idle after this time
  lamplighter get ID              Show what is known of a presence ID
      --json                      As the API gives it
  lamplighter watch ID...         Subscribe as a phone does, and show the lamps as they change
      --server HOST, --port PORT  Default: this machine, sip.port
      --expires SECONDS           Life of the subscriptions, default 600
  lamplighter ha1 REALM USER      Print what is kept of a SIP password, for auth.users; reads it from standard input
  lamplighter check               Check the configuration and say what it makes
      --table                     Print the table of all keys

  For set, get and watch:
      --realm NAME                Realm of IDs without one, default "default"; or write ID as 1001@acme.example
  For set and get:
      --url URL, --token TOKEN    Default: the API that the configuration sets up on this machine

The configuration is config/default.json, the file that LAMPLIGHTER_CONFIG names, and the environment: see README.md.`;
