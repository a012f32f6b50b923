import { type Action, type Block, type BlockProblem, failed, goOn, oneExit } from '../action.ts';
import type { Json } from '../callflow.ts';
import { type Data, jsonOf, numberOf, textOf } from '../data.ts';
import type { NumberField, TextField } from '../field.ts';
import { clip } from '../presence-id.ts';

const URI: TextField = {
  kind: 'text',
  key: 'uri',
  label: 'Address',
  help: 'An http or https address. It gets a POST with the facts of the run as JSON; the flow does not wait for it.',
  required: true,
  maxLength: 2048,
  placeholder: 'https://hooks.acme.example/lamp',
};

const TIMEOUT: NumberField = {
  kind: 'number',
  key: 'timeout',
  label: 'Timeout',
  help: 'How long one try may take.',
  min: 1,
  max: 30,
  unit: 'seconds',
  initial: 5,
  advanced: true,
};

const RETRIES: NumberField = {
  kind: 'number',
  key: 'retries',
  label: 'Retries',
  help: 'How often it is tried again when the host cannot be reached.',
  min: 0,
  max: 5,
  initial: 2,
  advanced: true,
};

/** Tells a web server of the run, without waiting for it: a slow server never delays a lamp. */
export const webhook: Action = {
  module: 'webhook',
  title: 'Webhook',
  group: 'Integration',
  help: 'Sends the facts of the run to a web server, and goes on at once.',
  fields: [URI, TIMEOUT, RETRIES],
  defaultData: { uri: '' },
  exits: oneExit,
  caption: (data) => textOf(data, URI.key) ?? '',
  check,
  begin: (block) => {
    const url = urlOf(block.data);
    if (url === null) return failed('There is no address to post to');
    const timeoutMs = Math.round((numberOf(block.data, TIMEOUT) ?? 5) * 1000);
    const retries = Math.round(numberOf(block.data, RETRIES) ?? 2);
    return { kind: 'ask', effect: { kind: 'webhook', url, body: bodyOf(block), timeoutMs, retries } };
  },
  resume: (block, answer) => {
    if (answer.kind === 'failed') return failed(answer.message);
    return goOn(`Posted to ${clip(urlOf(block.data) ?? '')}`);
  },
};

function bodyOf(block: Block): Json {
  const { callflowId, caller, capture, now, number, realm, runId, trigger, variables } = block;
  const custom = jsonOf(block.data, 'custom_data') ?? null;
  return {
    run: runId,
    callflow: callflowId,
    realm,
    trigger,
    number,
    caller,
    capture,
    variables,
    time: now,
    custom_data: custom,
  };
}

/** Only the shape is looked at here; which hosts may be reached is for whoever sends it. */
function urlOf(data: Data): string | null {
  const text = textOf(data, URI.key);
  return text !== null && text.length <= URI.maxLength && /^https?:\/\/[!#-;=?-~]+$/i.test(text)
    ? text
    : null;
}

function check(data: Data): readonly BlockProblem[] {
  const problems: BlockProblem[] = [];
  if (textOf(data, URI.key) !== null && urlOf(data) === null) {
    problems.push({
      severity: 'error',
      code: 'bad-url',
      message: 'The address of the webhook must be an http or https URL',
    });
  }
  if (jsonOf(data, 'http_verb') === 'get') {
    problems.push({
      severity: 'warning',
      code: 'post-only',
      message: 'The webhook is sent as POST, not as GET',
    });
  }
  return problems;
}
