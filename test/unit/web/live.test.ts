import { describe, expect, it } from 'vitest';
import { EventStreamReader } from '../../../src/web/model/event-stream.ts';
import {
  boardIdOf,
  causeOf,
  type LampBoard,
  type LampStatus,
  type LiveEvent,
  liveReducer,
  NO_LAMPS,
} from '../../../src/web/model/live.ts';

function board(id: string, status: LampStatus, over: Partial<LampBoard> = {}): LampBoard {
  const manual = status === 'idle' ? null : { status };
  return { id, realm: 'acme', rev: 1, changedAt: null, lamp: { status }, manual, legs: [], ...over };
}

function heard(id: string, status: LampStatus): LiveEvent {
  return { kind: 'board', board: board(id, status) };
}

const OPENED: LiveEvent = { kind: 'opened' };
const READY: LiveEvent = { kind: 'ready' };
const LOST: LiveEvent = { kind: 'lost' };

function heardOf(...events: LiveEvent[]) {
  return events.reduce(liveReducer, NO_LAMPS);
}

describe('the live lamps', () => {
  it('follow the stream', () => {
    const { boards, link } = heardOf(
      OPENED,
      heard('a', 'busy'),
      READY,
      heard('a', 'idle'),
      heard('b', 'busy'),
    );
    expect([boards['a']?.lamp.status, boards['b']?.lamp.status, link]).toEqual(['idle', 'busy', 'current']);
  });

  it('go dark when the next snapshot does not name them', () => {
    const { boards } = heardOf(
      OPENED,
      heard('a', 'busy'),
      heard('b', 'busy'),
      READY,
      LOST,
      OPENED,
      heard('b', 'busy'),
      READY,
    );
    expect([boards['a']?.lamp.status, boards['b']?.lamp.status]).toEqual(['idle', 'busy']);
  });

  it('stay as they were until the snapshot is complete', () => {
    expect(heardOf(OPENED, heard('a', 'busy'), READY, LOST, OPENED).boards['a']?.lamp.status).toBe('busy');
  });
});

describe('causeOf()', () => {
  it('names what the server says, the call, or the note', () => {
    expect(causeOf(board('a', 'busy', { changedBy: 'Callflow Night switch' }))).toBe('Callflow Night switch');
    expect(causeOf(board('a', 'busy', { manual: { status: 'busy', note: 'Lunch' } }))).toBe('Set: Lunch');
    const legs = [{ id: 'x', state: 'confirmed', source: 'kazoo', remote: { identity: 'sip:1002@acme' } }];
    expect(causeOf(board('a', 'busy', { legs }))).toBe('Call with sip:1002@acme (kazoo)');
    expect(causeOf(board('a', 'idle'))).toBeNull();
  });
});

describe('boardIdOf()', () => {
  it('finds the lamp that a block means', () => {
    expect(boardIdOf(' Night ', 'acme')).toBe('night');
    expect(boardIdOf('night@ACME', 'acme')).toBe('night');
    expect(boardIdOf('night@other', 'acme')).toBeNull();
    expect(boardIdOf('', 'acme')).toBeNull();
  });
});

describe('EventStreamReader', () => {
  it('gives events that come in pieces, and no comments', () => {
    const reader = new EventStreamReader();
    expect(reader.push(': still here\n\nevent: boa')).toEqual([]);
    expect(reader.push('rd\ndata: {"a":')).toEqual([]);
    expect(reader.push('1}\n\nevent: ready\ndata: {}\n\n')).toEqual([
      { event: 'board', data: '{"a":1}' },
      { event: 'ready', data: '{}' },
    ]);
  });
});
