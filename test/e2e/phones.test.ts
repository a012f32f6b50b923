import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { COMBINATIONS } from '../support/combination.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { randomToken } from '../support/phone.ts';
import { phoneScenario } from '../support/phone-scenario.ts';
import { playSipp } from '../support/sipp.ts';

/** What is asked for in each NOTIFY, as POSIX expressions. */
interface Telling {
  readonly idle: readonly string[];
  readonly ringing: readonly string[];
  /** Null where the documents for ringing and held are the same, so that no NOTIFY tells of it. */
  readonly held: readonly string[] | null;
}

const state = (word: string) => `<state>${word}</state>`;

const DIALOG: Telling = {
  idle: [
    'Content-Type: application/dialog-info.xml',
    'state="full"',
    '<dialog id="[^"]+" ',
    state('terminated'),
  ],
  ringing: [
    'call-id="its-call@pbx" local-tag="its-tag" remote-tag="callers-tag" direction="recipient"',
    state('early'),
    '<remote><identity display="The Boss">sip:boss@acme.example</identity><target uri="sip:boss@192.0.2.1">',
  ],
  held: [state('confirmed'), '<param pname="sip.rendering" pval="no"/>'],
};

/** Hold as Asterisk and FreeSWITCH write it. */
const FIELD: Telling = {
  ...DIALOG,
  held: [state('confirmed'), '<param pname=".sip.rendering" pvalue="no"/>'],
};

const PIDF: Telling = {
  idle: ['Content-Type: application/pidf.xml', '<basic>open</basic>'],
  ringing: ['<rpid:busy/>'],
  held: ['<rpid:on-the-phone/>'],
};

const XPIDF: Telling = {
  idle: ['Content-Type: application/xpidf.xml', 'status="open"', 'substatus="online"'],
  ringing: ['status="inuse"'],
  held: null,
};

/** The SUBSCRIBE of each stands in `test/e2e/phones`, as the phone writes it. */
const PHONES = [
  ['yealink', 'udp', FIELD],
  ['poly', 'tcp', DIALOG],
  ['poly-soundpoint', 'udp', XPIDF],
  ['cisco-spa', 'udp', DIALOG],
  ['cisco-mpp', 'tcp', FIELD],
  ['snom', 'udp', FIELD],
  ['grandstream', 'udp', FIELD],
  ['fanvil', 'udp', FIELD],
  ['mitel', 'udp', FIELD],
  ['htek', 'udp', DIALOG],
  ['avaya', 'tcp', DIALOG],
  ['zoiper', 'udp', PIDF],
  ['linphone', 'tcp', PIDF],
  ['pjsip', 'udp', DIALOG],
] as const;

/** The edge is what a phone sees; one store is enough. */
const EDGES = COMBINATIONS.filter(({ edge, store }) => edge === 'drachtio' || store === 'embedded');

const RINGING = {
  id: 'leg',
  state: 'early',
  direction: 'recipient',
  callId: 'its-call@pbx',
  localTag: 'its-tag',
  remoteTag: 'callers-tag',
  remote: { identity: 'sip:boss@acme.example', display: 'The Boss', target: 'sip:boss@192.0.2.1' },
};

/** What happens to the call while the phone watches. */
const EVENTS = [RINGING, { id: 'leg', state: 'confirmed', held: true }, { id: 'leg', state: 'terminated' }];

describe.each(EDGES)('phones as guides and traces show them ($name)', (combination) => {
  const stage = setLamplighterStage(combination);

  /** Reports the events of a call, each when the phone has confirmed what was before. */
  async function call(service: string): Promise<void> {
    const path = `/v1/realms/default/presence/${service}`;
    for (const [rev, event] of EVENTS.entries()) {
      await vi.waitFor(
        async () =>
          expect((await stage.lamplighter.api('GET', `${path}/watchers`)).body).toMatchObject({
            items: [{ confirmedRev: rev }],
          }),
        { timeout: 30_000, interval: 200 },
      );
      expect((await stage.lamplighter.api('POST', `${path}/legs`, event)).status).toBe(200);
    }
  }

  test.concurrent.each(PHONES)(
    '%s over %s sees idle, ringing, held and idle, and unsubscribes',
    async (name, transport, telling) => {
      const service = `lamp-${randomToken()}`;
      const subscribe = readFileSync(new URL(`phones/${name}.sip`, import.meta.url), 'utf8');
      const steps = [telling.idle, telling.ringing, telling.held, telling.idle].filter(
        (step) => step !== null,
      );
      const text = phoneScenario(subscribe, { steps, last: name !== 'zoiper' });
      const server = stage.lamplighter.place(transport);
      await Promise.all([playSipp({ scenario: { text }, transport, server, service }), call(service)]);
    },
  );
});
