import { expect, test } from 'vitest';
import { freshRealm, openStage } from '../support/browser-stage.ts';

const stage = openStage();

test('the page comes with a policy that allows nothing inline and nothing from elsewhere', async () => {
  const { headers, body } = await stage.lamplighter.ask('/', {});
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(String(body.text)).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?:/);
});

test('the policy holds: an inline script does not run, and another origin is not asked', async () => {
  const { page } = await stage.configurator(freshRealm());
  stage.guard.expectViolations();
  await page.evaluate(`(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.body.append(script);
  })()`);
  expect(await page.evaluate('window.ranInline')).toBeUndefined();
  const asked = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'asked', () => 'refused')`);
  expect(asked).toBe('refused');
  const broken = () => stage.guard.violations.join();
  await expect.poll(broken).toContain('script-src');
  await expect.poll(broken).toContain('connect-src');
});

test('every view is shown without an error, a broken rule or a request to elsewhere, light and dark, wide and narrow', async () => {
  const examples = await stage.lamplighter.api('GET', '/v1/examples');
  const realm = freshRealm();
  for (const example of examples.body.examples as object[]) {
    await stage.lamplighter.api('POST', `/v1/realms/${realm}/callflows`, example);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const desk = await stage.configurator(realm, await stage.person({ colorScheme, viewport }));
      await desk.list.getByRole('link', { name: 'Open hours' }).click();
      await desk.opened();
      await desk.block(/^Time of Day/).waitFor();
      await desk.block(/^Callflow Open hours/).dblclick();
      await desk.window('Callflow').getByRole('button', { name: 'Cancel' }).click();
      await desk.page.getByRole('link', { name: 'Lamps' }).click();
      await desk.page.getByRole('region', { name: 'Lamp board' }).waitFor();
      expect(await desk.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  }
});

test('what the page does not know is refused by the server, not looked for in its files', async () => {
  for (const path of ['/assets/', '/assets/../package.json', '/..%2fpackage.json', '/src/main.ts']) {
    expect((await stage.lamplighter.ask(path, {})).status).toBe(404);
  }
});

test('a page of another origin opens no SIP over WebSocket, and the page of this server does', async () => {
  const { port } = stage.lamplighter.place('ws');
  const open = `new Promise((resolve) => {
    const socket = new WebSocket('ws://127.0.0.1:${port}/', 'sip');
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  })`;
  const { page } = await stage.configurator(freshRealm());
  expect(await page.evaluate(open)).toBe('open');
  // To a browser `localhost` is another host than 127.0.0.1. Not watched: the page asks elsewhere.
  const evil = await (await stage.person()).newPage();
  await evil.goto(stage.origin.replace('127.0.0.1', 'localhost'));
  expect(await evil.evaluate(open)).toBe('refused');
  const { body } = await stage.lamplighter.ask('/metrics', {});
  expect(String(body.text)).toMatch(/lamplighter_edge_events_total\{event="foreign_origin"\} 1\n/);
});
