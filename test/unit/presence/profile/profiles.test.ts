import { describe, expect, it } from 'vitest';
import { type ProfileRule, Profiles } from '../../../../src/presence/profile/profiles.ts';
import { DEFAULT_PROFILE } from '../../../../src/presence/profile.ts';

const of = (userAgent: string, rules: readonly ProfileRule[] = []) => new Profiles(rules).of(userAgent);

describe('the profile of a phone', () => {
  it.each([
    ['Yealink SIP-T46S 66.86.0.15', 'yealink'],
    ['YEALINK sip-t46s', 'yealink'],
    ['PolycomSoundPointIP-SPIP_550-UA/3.3.5', 'poly-soundpoint'],
    ['PolycomVVX-VVX_410-UA/5.9.3.2857', 'poly'],
    ['PolyEdge-E350-UA/8.1.0', 'poly'],
    ['Cisco/SPA504G-7.6.2f', 'cisco-spa'],
    ['Linksys/SPA962-6.1.5(a)', 'cisco-spa'],
    ['Cisco-CP-8841-3PCC/11.3.1', 'cisco-mpp'],
    ['snomD785/10.1.54.13', 'snom'],
    ['Mozilla/4.0 (compatible; snom320-SIP 7.3.7)', 'snom'],
    ['Grandstream GXP2170 1.0.11.6', 'grandstream'],
    ['Fanvil X6 2.12.4', 'fanvil'],
    ['Aastra 6731i/3.3.1.4358', 'mitel'],
    ['Mitel-6867i/5.1.0', 'mitel'],
    ['Htek UC926 V2.42.5.2R', 'htek'],
    ['Gigaset N870 IP PRO', 'gigaset'],
    ['Avaya J179 IP Phone 4.0.7', 'avaya'],
    ['Auerswald COMfortel D-600', 'auerswald'],
    ['Z 5.5.9 v2.10.17.3', 'zoiper'],
    ['Zoiper rv2.8.36', 'zoiper'],
    ['Bria 6 release 6.5', 'bria'],
    ['LinphoneAndroid/4.5.2', 'linphone'],
    ['MicroSIP/3.21.3', 'pjsip'],
    ['SIP.js/0.21.2', 'sip.js'],
    ['tSIP 0.3.5', 'tsip'],
    ['Jazz phone', 'default'],
    ['', 'default'],
  ])('is found by User-Agent, whatever its case: %s is %s', (userAgent, name) => {
    expect(of(userAgent).name).toBe(name);
  });

  it('is one object for equal phones, so that they share documents', () => {
    const profiles = new Profiles([{ userAgent: '', changes: { displays: false } }]);
    expect(profiles.of('Yealink A')).toBe(profiles.of('Yealink B'));
    expect(profiles.of('Yealink A')).not.toBe(profiles.of('snom'));
  });

  it('does not remember User-Agents without end', () => {
    const profiles = new Profiles([]);
    for (let index = 0; index < 5000; index += 1) profiles.of(`Yealink ${index}`);
    expect(profiles.of('Yealink 1')).toBe(profiles.of('Yealink 4999'));
  });
});

describe('what the configuration says of phones', () => {
  it('overrides single fields of the family', () => {
    const profile = of('Yealink T46', [{ userAgent: 'YEAlink', changes: { dialogs: 'all' } }]);
    expect(profile).toMatchObject({ dialogs: 'all', hold: { attribute: 'pvalue' } });
    expect(of('snom', [{ userAgent: 'yealink', changes: { dialogs: 'all' } }]).dialogs).toBe('single');
  });

  it('may start from another profile', () => {
    const profile = of('Softie/1', [{ userAgent: 'softie', like: 'zoiper', changes: { displays: false } }]);
    expect(profile).toMatchObject({ lastNotify: false, displays: false });
    expect(of('Z 5', [{ userAgent: 'z 5', like: 'default', changes: {} }])).toMatchObject({
      ...DEFAULT_PROFILE,
      name: 'default+0',
    });
  });

  it('holds for every phone with an empty text; later entries stand above earlier ones', () => {
    const rules: readonly ProfileRule[] = [
      { userAgent: '', changes: { pickup: 'sip:**{user}@{host}', idle: 'empty' } },
      { userAgent: 'snom', changes: { pickup: null } },
    ];
    expect(of('Fanvil X6', rules)).toMatchObject({ pickup: 'sip:**{user}@{host}', idle: 'empty' });
    expect(of('snomD785', rules)).toMatchObject({ pickup: null, idle: 'empty' });
  });
});
