import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { apiTarget, callApi, presencePath } from './api.ts';
import { readId } from './id.ts';
import type { CliIo } from './io.ts';
import { type LampWord, lampText } from './lamp-line.ts';

const OPTIONS = {
  realm: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface BoardJson {
  readonly id: string;
  readonly realm: string;
  readonly rev: number;
  readonly lamp: { readonly status: LampWord; readonly note?: string };
  readonly manual: { readonly status: string; readonly expiresAt?: string } | null;
  readonly legs: readonly {
    readonly id: string;
    readonly state: string;
    readonly remote?: { readonly identity: string };
  }[];
}

/** `get ID`: what is known of a presence ID. */
export async function getCommand(args: readonly string[], io: CliIo): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { id, realm } = readId(positionals[0], values.realm);
  const target = apiTarget({ ...values, realm }, loadConfig(io.env));
  const request = { method: 'GET', path: presencePath(realm, id) };
  const board = (await callApi(target, request, `Cannot get ${id}`)) as BoardJson;
  for (const line of values.json ? [JSON.stringify(board)] : linesOf(board, io.colour)) io.out(line);
}

function linesOf(board: BoardJson, colour: boolean): readonly string[] {
  const { id, realm, rev, lamp, manual, legs } = board;
  const note = lamp.note === undefined ? '' : `  "${lamp.note}"`;
  const until = manual?.expiresAt === undefined ? '' : ` until ${manual.expiresAt}`;
  return [
    `${id}@${realm}  ${lampText(lamp.status, colour)}${note}  (rev ${rev})`,
    ...(manual === null ? [] : [`  manual ${manual.status}${until}`]),
    ...legs.map((leg) => `  leg ${leg.id} ${leg.state}${leg.remote ? ` with ${leg.remote.identity}` : ''}`),
  ];
}
