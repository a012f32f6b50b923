import { escapeXml } from '../../src/presence/package/xml.ts';

/** What a phone expects, in order: a NOTIFY that matches each of the expressions (POSIX), for each step. */
export interface ExpectedNotifies {
  readonly steps: readonly (readonly string[])[];
  /** Whether a NOTIFY follows its unsubscribing. */
  readonly last: boolean;
}

/** Longer than a NOTIFY takes that follows at once; shorter than a phone would wait. */
const QUIET_MS = 1_500;

const OK = `
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>`;

/**
 * A SIPp scenario of a phone: it subscribes with the text given (what it writes on the wire, with SIPp's keywords),
 * takes what is expected, and unsubscribes. A NOTIFY that comes before the 200, or is not expected, fails it.
 */
export function phoneScenario(subscribe: string, { steps, last }: ExpectedNotifies): string {
  const ending = last ? notify(['terminated;reason=timeout']) : `<pause milliseconds="${QUIET_MS}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="phone">
  ${request(subscribe)}
  <recv response="200" rrs="true"/>
  ${steps.map(notify).join('\n')}
  ${request(unsubscribing(subscribe))}
  <recv response="200"/>
  ${ending}
  <Reference variables="seen"/>
</scenario>
`;
}

function request(text: string): string {
  return `<send retrans="500"><![CDATA[\n${text.trimEnd()}\n\n]]></send>`;
}

function notify(expected: readonly string[]): string {
  const checks = expected.map(
    (regexp) => `<ereg regexp="${escapeXml(regexp)}" search_in="msg" check_it="true" assign_to="seen"/>`,
  );
  return `<recv request="NOTIFY" timeout="30000"><action>${checks.join('')}</action></recv>${OK}`;
}

/** The same request inside the dialog, with Expires 0. */
function unsubscribing(subscribe: string): string {
  return subscribe
    .replace(/^SUBSCRIBE \S+/, 'SUBSCRIBE [next_url]')
    .replace(/^(Via: .*)$/m, '$1\n[routes]')
    .replace(/^(To: .*)$/m, '$1[peer_tag_param]')
    .replace('CSeq: 1 ', 'CSeq: 2 ')
    .replace(/^Expires: \d+$/m, 'Expires: 0');
}
