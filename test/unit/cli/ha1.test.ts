import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readPassword } from '../../../src/cli/read-password.ts';
import { runCli } from '../../../src/cli.ts';
import { hashedPassword } from '../../support/digest-phone.ts';

/** `lamplighter ha1` with this on standard input. */
async function ha1(input: string | null, ...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(['ha1', ...args], {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    colour: false,
    ended: new AbortController().signal,
    ...(input !== null && { input: async () => input }),
  });
  return { code, out, err };
}

describe('ha1', () => {
  test('RFC 7616 §3.4.2: prints what auth.users takes, of the first line of standard input', async () => {
    const { code, out, err } = await ha1('sehr geheim\r\nmore\n', 'Acme.example', '1001');
    expect([code, err]).toEqual([0, []]);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { 'acme.example': { '1001': hashedPassword('1001', 'acme.example', 'sehr geheim') } },
    ]);
  });

  test.each([
    [[], 2],
    [['acme.example'], 2],
    [['acme.example', '1001', 'geheim'], 2],
  ])('called with %j says how it is called: no password is taken from there', async (args, code) => {
    const said = await ha1('x', ...args);
    expect(said).toEqual({
      code,
      out: [],
      err: ['Cannot make an HA1: call it as "lamplighter ha1 REALM USER"'],
    });
  });

  test.each(['', '\n', null])('without a password (%j) makes none', async (input) => {
    expect(await ha1(input, 'acme.example', '1001')).toMatchObject({ code: 1, out: [] });
  });
});

/** A terminal that somebody types into. */
class Typing extends PassThrough {
  readonly modes: boolean[] = [];

  setRawMode(isRaw: boolean): void {
    this.modes.push(isRaw);
  }
}

describe('readPassword() on a terminal', () => {
  test('shows nothing of what is typed, and gives the terminal back as it was', async () => {
    const terminal = new Typing();
    const shown: string[] = [];
    const reading = readPassword(terminal, (text) => void shown.push(text));
    for (const typed of ['gehx', '\u007f', 'ei', 'm\u001b', '\r', 'not read']) terminal.write(typed);
    expect(await reading).toBe('geheim');
    expect(shown).toEqual(['Password: ', '\n']);
    expect(terminal.modes).toEqual([true, false]);
  });

  test('erases whole letters, and ends at Ctrl-D', async () => {
    const terminal = new Typing();
    const reading = readPassword(terminal, () => {});
    terminal.write('größe😀\u007f\u0004');
    expect(await reading).toBe('größe');
  });

  test('Ctrl-C ends the command, not raw mode', async () => {
    const terminal = new Typing();
    const reading = readPassword(terminal, () => {});
    terminal.write('geh\u0003');
    await expect(reading).rejects.toThrow('Cannot make an HA1: it was interrupted');
    expect(terminal.modes).toEqual([true, false]);
  });
});
