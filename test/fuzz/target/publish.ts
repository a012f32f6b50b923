import { readPublishedDialogs } from '../../../src/presence/published-dialogs.ts';
import { readPublishedPresence } from '../../../src/presence/published-presence.ts';
import { fromUtf8 } from '../../../src/sip/utf8.ts';
import { readXml } from '../../../src/xml-reader.ts';
import { type FuzzTarget, promise, promiseSame } from '../fuzz-target.ts';

/** Bodies of PUBLISH: dialog-info and PIDF, from the octets to what the compositor takes. */
export const PUBLISHED: FuzzTarget = {
  name: 'published',
  seeds: [
    '<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="partial" entity="sip:1@b"><dialog id="a" call-id="c@x" local-tag="1" remote-tag="2" direction="recipient"><state event="replaced">early</state><local><identity display="A &amp; &#x42;">sip:1@b</identity><target uri="sip:1@192.0.2.1"><param pname="+sip.rendering" pval="no"/></target></local><remote><identity>sip:2@b</identity></remote></dialog><dialog id="b"><state>terminated</state></dialog></dialog-info>',
    '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:1@b"><tuple id="t"><status><basic>open</basic></status><contact priority="0.8">sip:1@b</contact><note>Caf\xc3\xa9</note></tuple><dm:person id="p"><rpid:activities><rpid:on-the-phone/><rpid:busy/><rpid:other>x</rpid:other></rpid:activities><dm:note><![CDATA[ <b> ]]></dm:note></dm:person></presence>',
    '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "x">]><presence xmlns="urn:ietf:params:xml:ns:pidf">&b;</presence>',
  ],
  run: (input) => {
    const root = readXml(fromUtf8(input));
    const states = root === null ? [] : [readPublishedDialogs(root), readPublishedPresence(root)];
    return () => {
      for (const state of states) {
        if (state === null) continue;
        // A board is stored as JSON, in UTF-8.
        const text = JSON.stringify(state);
        promise(text.isWellFormed() && !/\\ud[89a-f]/.test(text), 'what is kept is well-formed');
        promise(text.length < 65_536, 'what is kept is bounded');
        promiseSame(JSON.parse(text), state, 'what is kept comes back');
      }
    };
  },
};
