import type { Board } from '../../../src/presence/board.ts';
import { encodeDialogInfo } from '../../../src/presence/package/dialog-info.ts';
import { fillDocument } from '../../../src/presence/package/document.ts';
import { encodePidf } from '../../../src/presence/package/pidf.ts';
import { escapeXml } from '../../../src/presence/package/xml.ts';
import { DEFAULT_PROFILE } from '../../../src/presence/profile.ts';
import { readDialogInfo } from '../../../src/presence/seen-dialogs.ts';
import { fromUtf8 } from '../../../src/sip/utf8.ts';
import { isWellFormed } from '../../support/well-formed.ts';
import { type FuzzTarget, promise } from '../fuzz-target.ts';

const TEXTS = ['sip:100@example.com', '"Caf\xc3\xa9" <&> \'x\'', '\x00\x1f\xed\xa0\x80\xef\xbf\xbe]]>', 'a'];

/** No text of a board is longer: the API and the readers of SIP see to that. */
const LONGEST_TEXT = 2048;

/** Text from anywhere is well-formed inside a document. */
export const XML: FuzzTarget = {
  name: 'xml',
  seeds: TEXTS,
  run: (input) => {
    const escaped = escapeXml(fromUtf8(input));
    // Octets that are no UTF-8, taken as characters: lone surrogates among them.
    const wild = escapeXml(
      input.replace(/[\x80-\xff]/g, (char) => String.fromCharCode(char.charCodeAt(0) * 0xff)),
    );
    return () => {
      for (const text of [escaped, wild]) {
        promise(isWellFormed(`<a b="${text}">${text}</a>`), 'escaped text is well-formed');
      }
    };
  },
};

/** Documents of a board whose every text comes from the input. */
export const DOCUMENTS: FuzzTarget = {
  name: 'documents',
  seeds: TEXTS.map((text) => `${text}\n${text}\n<sip:1@b>;x="&"\n\xe2\x82\xac\n${text}`),
  run: (input) => {
    const texts = fromUtf8(input)
      .split('\n')
      .map((text) => text.slice(0, LONGEST_TEXT));
    const board = boardOf((index) => texts[index % texts.length] ?? '');
    const entity = escapeXml(texts[0] ?? '');
    const dialogInfo = fillDocument(encodeDialogInfo(board, STYLE), entity, 7);
    const pidf = fillDocument(encodePidf(board, STYLE), entity, 7);
    const seen = readDialogInfo(dialogInfo);
    return () => {
      for (const document of [dialogInfo, pidf]) promise(isWellFormed(document), 'a document is well-formed');
      promise(seen?.[0]?.state === 'confirmed', 'it shows what the board says');
    };
  },
};

/** The reader of dialog-info that the page and the command line have. */
export const SEEN: FuzzTarget = {
  name: 'seen-dialogs',
  seeds: [
    '<?xml version="1.0"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:1@b"><dialog id="a" direction="recipient"><state>early</state><local><identity>sip:1@b</identity><target uri="sip:1@b"><param pname="sip.rendering" pval="no"/></target></local><remote><identity display="X &amp; Y">sip:2@b</identity></remote></dialog></dialog-info>',
    '<dialog-info><dialog id="x"/></dialog-info>',
  ],
  run: (input) => {
    readDialogInfo(fromUtf8(input));
    return () => {};
  },
};

const STYLE = {
  order: ['early', 'confirmed', 'proceeding', 'trying', 'terminated'],
  profile: DEFAULT_PROFILE,
  view: 'all',
} as const;

function boardOf(text: (index: number) => string): Board {
  const party = (from: number) => ({ identity: text(from), display: text(from + 1), target: text(from + 2) });
  const leg = {
    id: text(0),
    state: 'confirmed',
    direction: 'recipient',
    callId: text(1),
    localTag: text(2),
    remoteTag: text(3),
    local: party(4),
    remote: party(2),
    held: true,
    expiresAt: 1,
  } as const;
  return {
    resource: { realm: 'default', user: '1001' },
    rev: 1,
    change: 'x',
    changedAt: 0,
    changedBy: 'test',
    manual: null,
    legs: [leg],
    ended: [],
    lastDialogId: text(1),
    publications: [],
    mail: null,
  };
}
