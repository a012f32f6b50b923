import type { PublicationRequest } from '../../src/presence/compositor.ts';
import type { Publication, PublishedDialog, PublishedState } from '../../src/presence/publication.ts';

/** A dialog as a phone publishes it, with what a test cares for. */
export function dialog(facts: Partial<PublishedDialog> = {}): PublishedDialog {
  return { id: 'd1', state: 'early', direction: 'recipient', ...facts };
}

/** What a full dialog-info document with these dialogs says. */
export function dialogs(...all: readonly PublishedDialog[]): PublishedState {
  return { package: 'dialog', dialogs: all, partial: false };
}

/** What a PIDF document with these activities says. */
export function activities(...names: readonly string[]): PublishedState {
  return { package: 'presence', presence: { basic: 'open', activities: names } };
}

/** A PUBLISH with what a test cares for: an initial one that lives an hour. */
export function publishing(facts: Partial<PublicationRequest> = {}): PublicationRequest {
  const name = facts.state?.package ?? 'dialog';
  return { package: name, ifMatch: null, state: null, seconds: 3600, ...facts };
}

/** A publication that stands on a board. */
export function publication(facts: Partial<Publication> = {}): Publication {
  return {
    etag: 'tag1',
    package: 'dialog',
    expiresAt: 3_600_000,
    legs: [],
    presence: null,
    busyId: null,
    ...facts,
  };
}

/** The dialog-info document of a phone, with these `<dialog>` elements. */
export function dialogInfo(inside: string, attributes = 'version="0" state="full"'): string {
  return `<?xml version="1.0"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ${attributes} entity="sip:night@acme.example">${inside}</dialog-info>`;
}

/** A `<dialog>` element in a state. */
export function dialogText(id: string, state: string, attributes = ''): string {
  return `<dialog id="${id}" ${attributes} direction="recipient"><state>${state}</state></dialog>`;
}

/** The PIDF document of a phone with an activity and a note. */
export function pidf(activity: string, note: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"',
    ' xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:night@acme.example">',
    '<tuple id="t1"><status><basic>open</basic></status></tuple>',
    `<dm:person id="p1"><rpid:activities><rpid:${activity}/></rpid:activities><dm:note>${note}</dm:note></dm:person>`,
    '</presence>',
  ].join('');
}
