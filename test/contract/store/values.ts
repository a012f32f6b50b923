import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import type { Decide } from '../../../src/ports/boards.ts';
import type { BusHandlers } from '../../../src/ports/bus.ts';
import type { SubscriptionRecord } from '../../../src/ports/subscriptions.ts';
import type { Board } from '../../../src/presence/board.ts';
import { bucketOf, type Resource } from '../../../src/presence/resource.ts';

/** A moment that the tests count from, ms since the epoch. */
export const NOW = 1_800_000_000_000;

/** A resource that no other test uses. */
export function freshResource(user = '1001'): Resource {
  return { realm: `${randomId()}.example`, user };
}

/** Random text without a meaning. */
export function randomId(): string {
  return randomBytes(8).toString('hex');
}

/** A decision that makes a new board, one rev higher, with the given facts. */
export function bump(resource: Resource, facts: Partial<Board> = {}): Decide {
  return (current) => ({
    resource,
    manual: { status: 'busy', dialogId: randomId() },
    changedBy: 'test',
    legs: [],
    ended: [],
    lastDialogId: '',
    publications: [],
    mail: null,
    ...facts,
    rev: (current?.rev ?? 0) + 1,
    change: randomId(),
    changedAt: NOW,
  });
}

/** A board that shows nothing any more. */
export function blank(resource: Resource): Decide {
  return bump(resource, { manual: null });
}

/** A subscription of a resource, with every field filled. */
export function recordOf(resource: Resource, facts: Partial<SubscriptionRecord> = {}): SubscriptionRecord {
  const id = `b${bucketOf(resource)}-${randomId()}`;
  return {
    id,
    resource,
    package: 'dialog',
    eventId: null,
    contentType: 'application/dialog-info+xml',
    entity: `sip:${resource.user}@example`,
    dialog: {
      callId: `${randomId()}@phone`,
      localTag: id,
      remoteTag: 'phone-tag',
      localUri: '<sip:1001@example>',
      remoteUri: '"J\u00c3\u00b6rg" <sip:2002@example>',
      localTarget: 'sip:192.0.2.1:5060',
      remoteTarget: 'sip:2002@192.0.2.9:5062;transport=udp',
      routeSet: ['<sip:proxy.example;lr>'],
      remoteCseq: 7,
    },
    flow: {
      transport: 'udp',
      remoteAddress: '192.0.2.9',
      remotePort: 5062,
      localAddress: '192.0.2.1',
      localPort: 5060,
    },
    stack: null,
    userAgent: 'Phone/1.0',
    instance: null,
    identity: null,
    rates: null,
    createdAt: NOW,
    expiresAt: NOW + 3_600_000,
    acked: null,
    cseqCeiling: 50,
    versionCeiling: 50,
    owner: 'node-a',
    epoch: 1,
    ...facts,
  };
}

/** Remembers what a bus says. */
export class BusRecorder implements BusHandlers {
  readonly boards: Board[] = [];
  readonly misses: (ReadonlySet<number> | null)[] = [];

  changed(board: Board): void {
    this.boards.push(board);
  }

  missed(buckets: ReadonlySet<number> | null): void {
    this.misses.push(buckets);
  }

  /** The revs of a resource's boards, in the order in which they were heard. */
  revs(resource: Resource): readonly number[] {
    return this.boards
      .filter((board) => board.resource.user === resource.user && board.resource.realm === resource.realm)
      .map((board) => board.rev);
  }

  /** True if the bus said that this bucket may have been missed. */
  missedBucket(bucket: number): boolean {
    return this.misses.some((buckets) => buckets === null || buckets.has(bucket));
  }
}

/** Waits until `check` does not throw any more, at most `timeout` ms: long enough for a busy machine. */
export function soon<T>(check: () => T | Promise<T>, timeout = 6000): Promise<T> {
  return vi.waitFor(check, { timeout, interval: 20 });
}
