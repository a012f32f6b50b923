/** How a message of RFC 4475 is answered: a status, or nothing at all. */
export type TortureAnswer = number | 'dropped';

/** What becomes of a TCP connection that it came on: it goes on, is closed, or waits for octets that never come. */
export type Afterwards = 'goes on' | 'is closed' | 'waits';

/** One message of RFC 4475 and its fate. */
export interface Torture {
  /** Its name in the RFC, and that of its file in test/fixture/torture. */
  readonly file: string;
  readonly section: string;
  /** What the RFC names: the answers that it leaves to choose from. */
  readonly named: readonly TortureAnswer[];
  readonly answer: TortureAnswer;
  /** Over TCP, where that differs. */
  readonly tcp?: { readonly answer: TortureAnswer; readonly afterwards: Afterwards };
  /** Why this one, where there was a choice. */
  readonly ours?: string;
}

/** A sound INVITE reaches a number that no callflow has. */
const NO_CALLFLOW = 'a sound INVITE to a number that no callflow has is 404';
const NOT_SERVED = 'REGISTER and MESSAGE are not served: 405';

/** Every message of RFC 4475, in its order. */
export const TORTURES: readonly Torture[] = [
  {
    file: 'wsinv',
    section: '3.1.1.1',
    named: [404, 481],
    answer: 481,
    ours: 'its To has a tag: no such dialog',
  },
  { file: 'intmeth', section: '3.1.1.2', named: [501], answer: 501 },
  { file: 'esc01', section: '3.1.1.3', named: [404], answer: 404, ours: NO_CALLFLOW },
  { file: 'escnull', section: '3.1.1.4', named: [405], answer: 405, ours: NOT_SERVED },
  { file: 'esc02', section: '3.1.1.5', named: [501], answer: 501 },
  { file: 'lwsdisp', section: '3.1.1.6', named: [200], answer: 200 },
  { file: 'longreq', section: '3.1.1.7', named: [404], answer: 404, ours: NO_CALLFLOW },
  {
    file: 'dblreq',
    section: '3.1.1.8',
    named: [405],
    answer: 405,
    ours: `${NOT_SERVED}; over TCP what follows is no noise but a second request`,
  },
  { file: 'semiuri', section: '3.1.1.9', named: [200], answer: 200 },
  { file: 'transports', section: '3.1.1.10', named: [200], answer: 200 },
  { file: 'mpart01', section: '3.1.1.11', named: [405], answer: 405, ours: NOT_SERVED },
  { file: 'unreason', section: '3.1.1.12', named: ['dropped'], answer: 'dropped' },
  { file: 'noreason', section: '3.1.1.13', named: ['dropped'], answer: 'dropped' },
  { file: 'badinv01', section: '3.1.2.1', named: [400], answer: 400 },
  {
    file: 'clerr',
    section: '3.1.2.2',
    named: [400],
    answer: 400,
    tcp: { answer: 'dropped', afterwards: 'waits' },
  },
  {
    file: 'ncl',
    section: '3.1.2.3',
    named: [400],
    answer: 400,
    tcp: { answer: 400, afterwards: 'is closed' },
  },
  { file: 'scalar02', section: '3.1.2.4', named: [400], answer: 400 },
  { file: 'scalarlg', section: '3.1.2.5', named: ['dropped'], answer: 'dropped' },
  { file: 'quotbal', section: '3.1.2.6', named: [400, 404], answer: 400, ours: 'no quote is guessed' },
  { file: 'ltgtruri', section: '3.1.2.7', named: [400, 404], answer: 400, ours: 'brackets are not ignored' },
  { file: 'lwsruri', section: '3.1.2.8', named: [400], answer: 400 },
  { file: 'lwsstart', section: '3.1.2.9', named: [400, 404], answer: 400, ours: 'spaces are not ignored' },
  { file: 'trws', section: '3.1.2.10', named: [400, 200], answer: 400, ours: 'spaces are not ignored' },
  { file: 'escruri', section: '3.1.2.11', named: [400, 404], answer: 404, ours: 'its headers are ignored' },
  { file: 'baddate', section: '3.1.2.12', named: [400, 404], answer: 404, ours: 'Date is not needed' },
  { file: 'regbadct', section: '3.1.2.13', named: [400, 405], answer: 400, ours: 'syntax before 405' },
  { file: 'badaspec', section: '3.1.2.14', named: [400, 200], answer: 200, ours: 'the spaces are ignored' },
  { file: 'baddn', section: '3.1.2.15', named: [400, 200], answer: 400, ours: 'no quotes are guessed' },
  { file: 'badvers', section: '3.1.2.16', named: [505], answer: 505 },
  { file: 'mismatch01', section: '3.1.2.17', named: [400], answer: 400 },
  { file: 'mismatch02', section: '3.1.2.18', named: [501, 400], answer: 400, ours: 'syntax before 501' },
  { file: 'bigcode', section: '3.1.2.19', named: ['dropped'], answer: 'dropped' },
  { file: 'badbranch', section: '3.2.1', named: [400, 200], answer: 200, ours: 'matched as RFC 2543 does' },
  { file: 'insuf', section: '3.3.1', named: [400], answer: 400 },
  { file: 'unkscm', section: '3.3.2', named: [416], answer: 416 },
  { file: 'novelsc', section: '3.3.3', named: [416, 404], answer: 416, ours: 'never meaningful here' },
  { file: 'unksm2', section: '3.3.4', named: [400, 405], answer: 405, ours: NOT_SERVED },
  { file: 'bext01', section: '3.3.5', named: [420], answer: 420 },
  { file: 'invut', section: '3.3.6', named: [415], answer: 415 },
  { file: 'regaut01', section: '3.3.7', named: [405], answer: 405 },
  { file: 'multi01', section: '3.3.8', named: [400], answer: 400 },
  {
    file: 'mcl01',
    section: '3.3.9',
    named: [400],
    answer: 400,
    tcp: { answer: 400, afterwards: 'is closed' },
  },
  { file: 'bcast', section: '3.3.10', named: ['dropped'], answer: 'dropped' },
  { file: 'zeromf', section: '3.3.11', named: [200], answer: 200 },
  { file: 'cparam01', section: '3.3.12', named: [405], answer: 405, ours: NOT_SERVED },
  { file: 'cparam02', section: '3.3.13', named: [405], answer: 405, ours: NOT_SERVED },
  { file: 'regescrt', section: '3.3.14', named: [405], answer: 405, ours: NOT_SERVED },
  {
    file: 'sdp01',
    section: '3.3.15',
    named: [406, 400, 404],
    answer: 404,
    ours: `${NO_CALLFLOW}; Accept is not asked for, as nothing with a body follows`,
  },
  {
    file: 'inv2543',
    section: '3.4.1',
    named: [400, 404],
    answer: 400,
    ours: 'who may be called needs a Contact',
    tcp: { answer: 400, afterwards: 'waits' },
  },
];
