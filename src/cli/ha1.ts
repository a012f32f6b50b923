import { digestHash } from '../digest-hash.ts';
import { ALGORITHMS } from '../sip/digest/algorithm.ts';
import { digestHa1 } from '../sip/digest/digest-response.ts';
import { toUtf8 } from '../sip/utf8.ts';
import { CliFailure, type CliIo } from './io.ts';

/** `ha1 REALM USER`: reads a password and prints what `auth.users` takes of it, so that nobody has to write it down. */
export async function ha1Command(args: readonly string[], io: CliIo): Promise<void> {
  const [realm, user, ...more] = args;
  if (realm === undefined || user === undefined || more.length > 0) {
    throw new CliFailure('Cannot make an HA1: call it as "lamplighter ha1 REALM USER"', 2);
  }
  const password = firstLine((await io.input?.()) ?? '');
  if (password === '') {
    throw new CliFailure('Cannot make an HA1: standard input has no password, write it there');
  }
  const who = { username: toUtf8(user), realm: toUtf8(realm.toLowerCase()), password: toUtf8(password) };
  const [sha256, md5] = ALGORITHMS.map((algorithm) => digestHa1(digestHash, algorithm, who));
  io.out(JSON.stringify({ [who.realm]: { [user]: { sha256, md5 } } }));
}

function firstLine(text: string): string {
  return text.split(/\r?\n/)[0] ?? '';
}
