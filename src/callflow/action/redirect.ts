import { type Action, type BlockProblem, noExit } from '../action.ts';
import { type Data, textOf } from '../data.ts';
import { clip } from '../presence-id.ts';
import { finish, finished } from './final.ts';

const MAX_URI = 512;

/** Sends the caller elsewhere (302); the flow ends. */
export const redirect: Action = {
  module: 'redirect',
  title: 'Redirect',
  group: 'Call',
  help: 'Sends the call to another SIP address (302 Moved Temporarily) and ends the flow.',
  fields: [
    {
      kind: 'text',
      key: 'uri',
      label: 'Address',
      help: 'Where the call goes: sip:1001@acme.example, or tel:+4930123456.',
      required: true,
      maxLength: MAX_URI,
      placeholder: 'sip:1001@acme.example',
    },
  ],
  defaultData: { uri: '' },
  exits: noExit,
  caption: (data) => textOf(data, 'uri') ?? '',
  check: checkUri,
  begin: (block) => {
    const uri = uriOf(block.data);
    if (uri === null) return { kind: 'end', result: 'There is no address to redirect to', outcome: 'failed' };
    return finish(block, { kind: 'redirect', uri }, `Redirected to ${clip(uri)}`);
  },
  resume: (block, answer) => finished(answer, `Redirected to ${clip(uriOf(block.data) ?? '')}`),
};

/** Printable ASCII without what would end the URI in a Contact header field (RFC 3261 §20.10). */
function uriOf(data: Data): string | null {
  const text = textOf(data, 'uri');
  return text !== null && text.length <= MAX_URI && /^(sips?|tel):[!#-;=?-~]+$/i.test(text) ? text : null;
}

function checkUri(data: Data): readonly BlockProblem[] {
  const text = textOf(data, 'uri');
  if (text === null || uriOf(data) !== null) return [];
  return [
    { severity: 'error', code: 'bad-uri', message: `"${clip(text)}" is no SIP address: want sip:user@host` },
  ];
}
