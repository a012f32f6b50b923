import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { STATUSES, type Status } from '../presence/board.ts';
import { apiTarget, callApi, presencePath } from './api.ts';
import { readId } from './id.ts';
import { CliFailure, type CliIo } from './io.ts';
import { type LampWord, lampText } from './lamp-line.ts';

const OPTIONS = {
  realm: { type: 'string' },
  note: { type: 'string' },
  'expires-in': { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

interface Published {
  readonly id: string;
  readonly realm: string;
  readonly rev: number;
  readonly changed: boolean;
  readonly watchers: number;
  readonly lamp: { readonly status: LampWord };
  readonly warning?: string;
}

/** `set ID STATUS`: sets a manual status through the API and says what became of it. */
export async function setCommand(args: readonly string[], io: CliIo): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [idText, status] = positionals;
  const { id, realm } = readId(idText, values.realm);
  const body = {
    status: readStatus(status, positionals.length),
    ...(values.note !== undefined && { note: values.note }),
    ...(values['expires-in'] !== undefined && { expiresIn: readSeconds(values['expires-in']) }),
  };
  const target = apiTarget({ ...values, realm }, loadConfig(io.env));
  const request = { method: 'PUT', path: presencePath(realm, id), body };
  report((await callApi(target, request, `Cannot set ${id}`)) as Published, io);
}

function report(result: Published, io: CliIo): void {
  const watchers = result.watchers === 1 ? '1 watcher' : `${result.watchers} watchers`;
  const lamp = lampText(result.lamp.status, io.colour);
  const changed = result.changed ? '' : ', unchanged';
  io.out(`${result.id}@${result.realm}  ${lamp}  (rev ${result.rev}${changed}, ${watchers})`);
  if (result.warning !== undefined) io.err(result.warning);
}

function readStatus(text: string | undefined, count: number): Status {
  const status = STATUSES.find((one) => one === text);
  if (status !== undefined && count === 2) return status;
  throw new CliFailure(
    `Cannot set status "${text ?? ''}": call it as "lamplighter set ID ${STATUSES.join('|')}"`,
    2,
  );
}

function readSeconds(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliFailure(`Cannot use --expires-in "${text}": it must be a whole number of seconds`, 2);
}
