import { number } from '../markdown.ts';
import type { Constants } from './constants.ts';
import { loseNodes } from './node-loss.ts';
import { type Plan, refreshEvery } from './plan.ts';
import { loseShard } from './shard-loss.ts';
import { headroom, type Steady, steady } from './steady.ts';
import { storm } from './storm.ts';

const GB = 1e9;
const MB = 1e6;

/** What the plan comes to, for the README. */
export function sheet(plan: Plan, constants: Constants): string {
  const load = steady(plan, constants);
  return [
    assumptions(plan, constants),
    '',
    '| | |',
    '|---|---|',
    ...every(plan, load),
    ...losses(plan, constants, load),
    `| breaks first | ${firsts(plan, load)}; but long before: the power cut, in whose worst second ${number(overload(plan, constants))} times as many phones come as can be taken |`,
  ].join('\n');
}

function assumptions(plan: Plan, { machine, node, redis }: Constants): string {
  const count = number(plan.subscriptions);
  const days = node.date === redis.date ? node.date : `${node.date} and ${redis.date}`;
  return [
    `${count} subscriptions on ${plan.nodes} nodes of one core and a Redis Cluster of ${plan.shards} primaries. Measured (${days}, ${machine}):`,
    `${number(node.notifyUs)} us of a node for a NOTIFY, ${number(node.subscribeUs)} for a SUBSCRIBE, ${number(node.refreshUs)} for a refresh, ${number(node.changeUs)} for a change; of Redis ${number(redis.subscribe.us)} us and ${number(redis.subscribe.commands)} commands for a SUBSCRIBE,`,
    `${number(redis.refresh.us)} and ${number(redis.refresh.commands)} for a refresh, ${number(redis.change.us)} for a change, ${number(redis.checkpoint.us)} for a confirmation. Assumed: ${plan.watchersPerId} watchers of each ID anywhere, ${plan.changesPerIdPerHour} changes of it an hour, Expires ${number(plan.expiresSeconds)} less up to`,
    `${plan.jitterPercent} %, refreshed at ${number(100 * plan.refreshAt)} % of it, ${number(plan.redisOctets / 2 ** 30)} GiB for each Redis, 1 Gbit/s for each machine, no core above ${number(100 * plan.fullAt)} %,\na 503 as dear as ${plan.refusalPart} SUBSCRIBE, Retry-After of 5 to 30 s, 15 to 75 s for a node with four times what it can take.`,
  ].join('\n');
}

function every(plan: Plan, load: Steady): readonly string[] {
  const idle = number((100 * load.idleCommands) / load.commands);
  return [
    `| every second | ${number(load.refreshes)} refreshes (one in ${number(refreshEvery(plan))} s for each phone), ${number(load.changes)} changes, ${number(load.notifies)} NOTIFYs |`,
    `| Redis | ${number(load.commands)} commands/s in all (${idle} % of them nodes that look for what is due or was missed), each primary ${percent(load.shardBusy)} busy, ${number(load.shardMemory / GB, 1)} GB |`,
    `| bus | each node hears ${number(load.heard)} announcements/s (${number(load.busNodeOctets / MB, 1)} MB/s) and has watchers for ${percent(load.wanted)} of them; each primary sends ${number(load.busShardOctets / MB, 1)} MB/s |`,
    `| node | ${percent(load.nodeBusy)} of its core, ${number(load.nodeMemory / GB, 1)} GB |`,
  ];
}

function losses(plan: Plan, constants: Constants, load: Steady): readonly string[] {
  const refreshSeconds = plan.expiresSeconds * plan.refreshAt;
  const [one, four] = [1, 4].map((lost) => loseNodes(plan, lost, refreshSeconds));
  const shard = loseShard(plan, load, constants);
  const site = storm(plan, constants);
  const stiff = storm({ ...plan, jitterPercent: 0 }, constants);
  if (one === undefined || four === undefined) throw new Error('Cannot write the sheet: nothing was lost');
  return [
    `| a node is lost | its ${number(one.taken + one.returned)} phones: half have another node after ${number(one.half)} s, all after ${number(one.all)} s (one survivor takes over ${number(plan.takeOverPerSecond)}/s); four at once: ${number(four.all)} s, for four survivors share the work |`,
    `| a primary is lost | until its replica serves (${number(plan.failoverSeconds)} s) ${number(shard.refusedChanges)} changes get 503 and ${number(shard.owedRefreshes)} refreshes are answered from memory; then ${number(shard.reads / 1e6, 1)} million boards are compared, in ${number(shard.compared, 1)} s |`,
    `| a whole site | power is back within ${number(plan.bootSeconds)} s: up to ${number(site.peak)} SUBSCRIBEs/s against ${number(site.capacity)}/s (${site.bound}); half are in after ${number(site.half)} s, all after ${number(site.all)} s, after ${number(site.refused / plan.subscriptions, 1)} times 503 each; the refreshes that follow are ${number(site.echo, 1)} times the usual at most (${number(stiff.echo, 1)} without jitter) |`,
  ];
}

/** How many times what it can take comes at the worst moment of a storm. */
function overload(plan: Plan, constants: Constants): number {
  const { peak, capacity } = storm(plan, constants);
  return peak / capacity;
}

/** The parts that give way, the first one first. */
function firsts(plan: Plan, load: Steady): string {
  return headroom(plan, load)
    .map(([name, by]) => `${name} at ${number(by, 1)} times this load`)
    .slice(0, 3)
    .join(', ');
}

function percent(part: number): string {
  return `${number(100 * part)} %`;
}
