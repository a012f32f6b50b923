import { z } from '@hono/zod-openapi';
import { realmParams } from './schema.ts';

/** Any JSON object: `callflow/document.ts` judges it, because the pure part must not trust its callers either. */
export const documentBody = z
  .record(z.string(), z.unknown())
  .openapi('CallflowDocument', { description: 'A callflow as Kazoo has it, with seat, schedule and rev' });

export const callflowParams = realmParams.extend({ callflowId: z.string().min(1).max(128) });

export const revQuery = z.object({ rev: z.coerce.number().int().min(1) });

const problemJson = z
  .object({
    severity: z.enum(['error', 'warning']),
    code: z.string(),
    message: z.string(),
    path: z.array(z.string()).nullable(),
  })
  .openapi('CallflowProblem');

export const problemsAnswer = z.object({ problems: z.array(problemJson) });

export const callflowAnswer = z
  .object({ callflow: z.record(z.string(), z.unknown()), problems: z.array(problemJson) })
  .openapi('CheckedCallflow');

export const callflowListAnswer = z.object({
  callflows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      numbers: z.array(z.string()),
      patterns: z.array(z.string()),
      seat: z.string().nullable(),
      rev: z.int(),
      problems: z.int(),
    }),
  ),
});

export const runBody = z
  .strictObject({
    number: z.string().max(64).optional(),
    caller: z.string().max(64).optional(),
    variables: z.record(z.string().max(128), z.string().max(1024)).optional(),
  })
  .openapi('RunRequest');

const runRecord = z
  .object({
    id: z.string(),
    callflowId: z.string(),
    realm: z.string(),
    startedAt: z.int(),
    endedAt: z.int(),
    trigger: z.enum(['call', 'api', 'action', 'schedule']),
    number: z.string(),
    caller: z.string(),
    steps: z.array(
      z.object({
        callflowId: z.string(),
        path: z.array(z.string()),
        module: z.string(),
        result: z.string(),
        exit: z.string().nullable(),
      }),
    ),
    outcome: z.string(),
  })
  .openapi('Run');

export const runAnswer = z.object({
  run: runRecord,
  lamps: z.array(z.object({ id: z.string(), realm: z.string(), status: z.string() })),
});

export const runListAnswer = z.object({ runs: z.array(runRecord) });

const seatFacts = {
  name: z.string().trim().min(1).max(128),
  extension: z.string().trim().max(64),
  presenceId: z.string().trim().max(257),
};

export const seatBody = z
  .strictObject({ ...seatFacts, rev: z.int().min(0).default(0) })
  .openapi('SeatChange');

export const seatAnswer = z.object({ id: z.string(), ...seatFacts, rev: z.int() }).openapi('Seat');

export const seatListAnswer = z.object({ seats: z.array(seatAnswer) });

export const seatParams = realmParams.extend({ seatId: z.string().min(1).max(128) });
