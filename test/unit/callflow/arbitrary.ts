import fc from 'fast-check';
import type { Callflow, FlowNode, Json } from '../../../src/callflow/callflow.ts';
import { actionOf, CATALOG, exitsOf } from '../../../src/callflow/catalog.ts';
import type { Field } from '../../../src/callflow/field.ts';
import type { RunAnswer } from '../../../src/callflow/run.ts';

const key = fc.oneof(
  fc.constantFrom('presence_id', 'status', 'constructor', 'toString', 'id', 'rules', 'skip_module'),
  fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__'),
);

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json; leaf: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
  leaf: fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    // JSON has no negative zero: it would not come back as it was.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  ),
})).value;

const record = fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true });

/** Values that a field takes, and some that it does not. */
function fieldValue(field: Field): fc.Arbitrary<Json> {
  switch (field.kind) {
    case 'choice':
      return fc.constantFrom(...field.options.map((option) => option.value));
    case 'number':
      return fc.oneof(fc.integer({ min: field.min, max: field.max }), fc.integer());
    case 'switch':
      return fc.boolean();
    case 'lines':
      return fc.array(fc.constantFrom('12-25', '2026-07-01', 'x'), { maxLength: 3 });
    case 'rules':
      return fc.array(
        fc.constantFrom<Json>(
          { name: 'open', weekdays: [1, 2, 3], from: '09:00', to: '17:00' },
          { name: 'night', from: '22:00', to: '06:00' },
          'ruleid',
          { name: 5 },
        ),
        { maxLength: 3 },
      );
    case 'text':
      return fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom<Json>(...(FITTING[field.key] ?? ['x'])) },
        { weight: 1, arbitrary: fc.constantFrom<Json>('a@b@c', 'night@other.example', '(', '', 'x y', 5) },
      );
  }
}

/** Texts that the check has nothing against. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  presence_id: ['night', '1001', 'Night@acme.example'],
  id: ['flow1', 'flow2', 'flow3'],
  regex: ['^10', '(a+)+$'],
  timezone: ['Europe/Berlin', 'UTC'],
  uri: ['sip:1001@acme.example', 'https://hooks.acme.example/'],
  variable: ['caller', 'vip', 'constructor'],
};

/** The data of a block, more or less as its action wants it. */
function dataFor(module: string): fc.Arbitrary<Readonly<Record<string, Json>>> {
  const fields = actionOf(module)?.fields ?? [];
  const entries = Object.fromEntries(fields.map((field) => [field.key, fieldValue(field)] as const));
  const required = fields.filter((field) => field.required === true).map((field) => field.key);
  return fc.oneof(
    { weight: 8, arbitrary: someOf(entries, required) },
    { weight: 1, arbitrary: someOf(entries, []) },
    { weight: 1, arbitrary: record },
  );
}

/** Some of the entries: those left out are absent, never undefined. */
function someOf(
  entries: Readonly<Record<string, fc.Arbitrary<Json>>>,
  required: readonly string[],
): fc.Arbitrary<Record<string, Json>> {
  return fc.record(entries, { requiredKeys: [...required] }).map((data) => data as Record<string, Json>);
}

const module = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...CATALOG.map((action) => action.module)) },
  { weight: 1, arbitrary: fc.constantFrom('play', 'constructor', 'voicemail') },
);

const flowNode: fc.Arbitrary<FlowNode> = fc.letrec<{ node: FlowNode }>((tie) => ({
  node: module
    .chain((name) => fc.record({ module: fc.constant(name), data: dataFor(name) }))
    .chain(({ module, data }) => {
      const names = [...exitsOf({ module, data }).named.map((exit) => exit.name), '_', 'extra', '1001'];
      const exits = fc.constantFrom(...names.filter((name) => name !== '__proto__'));
      const children = fc.dictionary(exits, tie('node'), {
        minKeys: 1,
        maxKeys: 2,
        noNullPrototype: true,
        depthIdentifier: 'flow',
      });
      const leaf = fc.constant<Record<string, FlowNode>>({});
      const below = fc.oneof(
        { maxDepth: 5, depthSize: 'large', depthIdentifier: 'flow' },
        { weight: 1, arbitrary: leaf },
        { weight: 3, arbitrary: children },
      );
      return below.map((given): FlowNode => ({ module, data, children: given }));
    }),
})).node;

const number = fc.oneof(
  fc.constantFrom('*30', '1001', 'no_match'),
  fc.string({ minLength: 1, maxLength: 20 }),
);

/** Any callflow that a document can hold. */
export const callflowArbitrary: fc.Arbitrary<Callflow> = fc.record({
  id: fc.constantFrom('flow1', 'flow2', 'flow3'),
  name: fc.string({ maxLength: 40 }),
  realm: fc.constant('acme.example'),
  numbers: fc.array(number, { maxLength: 3 }),
  patterns: fc.array(fc.constantFrom('^\\*7([0-9]+)$', '^\\*8.*', '(', '(a|aa)+$'), { maxLength: 2 }),
  seat: fc.option(fc.constantFrom('seat1', 'seat2')),
  flow: fc.option(flowNode, { freq: 10 }),
  schedule: fc.array(
    fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      at: fc.constantFrom('00:00', '02:30', '23:59'),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Mars/Base'),
    }),
    { maxLength: 2 },
  ),
  rest: fc.dictionary(fc.constantFrom('flags', 'metaflow', 'constructor', 'pvt_type'), json, {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  rev: fc.nat(),
});

/** Any answer, whether it fits the effect or not. */
export const answerArbitrary: fc.Arbitrary<RunAnswer> = fc.oneof(
  fc.constant<RunAnswer>({ kind: 'done' }),
  fc.constant<RunAnswer>({ kind: 'failed', message: 'The store is away' }),
  fc
    .constantFrom('idle', 'ringing', 'busy', 'held', 'trying')
    .map((status) => ({ kind: 'lamp', status }) as RunAnswer),
  fc.boolean().map((changed): RunAnswer => ({ kind: 'manual', status: 'busy', changed })),
  fc.boolean().map((found): RunAnswer => ({ kind: 'callflow', found })),
);
