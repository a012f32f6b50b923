import { digestHash, sealOf } from '../../../src/digest-hash.ts';
import { parseAuthParams } from '../../../src/sip/digest/auth-params.ts';
import { readDigestCredentials } from '../../../src/sip/digest/digest-credentials.ts';
import { digestResponse } from '../../../src/sip/digest/digest-response.ts';
import { isDigestUri } from '../../../src/sip/digest/digest-uri.ts';
import { judgeNonce, makeNonce } from '../../../src/sip/digest/nonce.ts';
import { quote } from '../../../src/sip/quoted.ts';
import { type FuzzTarget, promise } from '../fuzz-target.ts';

const SEAL = sealOf('a secret of a fuzz run');
const SCOPE = { realm: 'example.com', address: '192.0.2.1' };
const NONCE = makeNonce(SEAL, SCOPE, { now: 1_000_000, random: 'abcdef' });
const URI = 'sip:1001@example.com';

function credentials(more: string): string {
  return `Digest username="1001", realm="example.com", nonce="${NONCE}", uri="${URI}", response="${'0a'.repeat(16)}", ${more}`;
}

/** Authorization: what is read is in its range, no other nonce passes for ours, and parameters survive quoting. */
export const DIGEST: FuzzTarget = {
  name: 'digest',
  seeds: [
    credentials('algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001'),
    credentials(`algorithm=SHA-256 , cnonce="\\"x\\\\",qop="auth",nc=ffffffff, opaque="",, x=y`),
    credentials("username*=UTF-8''J%C3%A4s%C3%B8n, userhash=false, cnonce=1, qop=auth, nc=0000000A"),
    'Basic dXNlcjpwYXNz',
  ],
  run: (input) => {
    const params = parseAuthParams(input, input.indexOf(' ') + 1);
    const reading = readDigestCredentials(input);
    const read = reading.kind === 'read' ? reading.credentials : null;
    const judged = read && judgeNonce(SEAL, read.nonce, { ...SCOPE, now: 1_000_001, lifetimeMs: 60_000 });
    const response =
      read && digestResponse(digestHash, 'x', { ...read, algorithm: 'SHA-256', method: 'PUBLISH' });
    if (read !== null) isDigestUri(read.uri, URI);
    return () => {
      for (const [name, value] of params ?? []) {
        const again = parseAuthParams(`${name}=${quote(value)}`);
        const same = /[\r\n]/.test(value) || again?.get(name) === value;
        promise(same, `a parameter is read as it was written: ${JSON.stringify([name, value])}`);
      }
      if (read === null) return;
      promise(read.count >= 1 && read.count <= 0xffff_ffff, 'a count in its range');
      promise(/^[0-9a-f]{32,64}$/.test(read.response), 'a response in lower case hex');
      promise(response?.length === 64, 'it can be answered');
      promise(judged?.kind === 'forged' || read.nonce === NONCE, 'only our own nonce is ours');
    };
  },
};
