import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeWatcherInfo, watchedPackage } from '../../../../src/presence/package/watcher-info.ts';
import { isWellFormed } from '../../../support/well-formed.ts';

const ABOUT = { resource: 'sip:night@acme.example', eventPackage: 'dialog', version: 3 };

it('RFC 3858 §3: a document is full, names resource and package, and has a watcher for each subscription', () => {
  const watcher = { id: 'w1', uri: 'sip:1001@acme.example', display: 'Zoë', expiresIn: 540, since: 60 };
  const text = encodeWatcherInfo([watcher], ABOUT);
  expect(text).toContain('<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="3" state="full">');
  expect(text).toContain('<watcher-list resource="sip:night@acme.example" package="dialog">');
  expect(text).toContain(
    '<watcher id="w1" event="subscribe" status="active" expiration="540" duration-subscribed="60" display-name="Zoë">sip:1001@acme.example</watcher>',
  );
});

it('RFC 3858 §3: nobody watches: the list is empty', () => {
  expect(encodeWatcherInfo([], ABOUT)).toContain('package="dialog"></watcher-list></watcherinfo>');
});

it('stays well-formed whatever a watcher calls itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (uri, display) => {
      const watcher = { id: 'w', uri, display, expiresIn: 1, since: 0 };
      expect(isWellFormed(encodeWatcherInfo([watcher], ABOUT))).toBe(true);
    }),
  );
});

it('RFC 3857 §4.1: a package about watchers is named after the one that they watch with', () => {
  expect(['dialog.winfo', 'presence.winfo', 'dialog'].map(watchedPackage)).toEqual([
    'dialog',
    'presence',
    null,
  ]);
});
