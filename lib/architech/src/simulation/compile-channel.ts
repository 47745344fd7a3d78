import type { Label } from "../engine/assembler.js";
import type { GroupPlan, MemberPlan } from "../engine/channel-plan.js";
import { channelStride } from "../engine/core/channel-places.js";
import { opcodes } from "../engine/opcodes.js";
import { stationStride, unlimited } from "../engine/station-plan.js";
import type { ModelDocument } from "../model/document.js";
import type { LogDocument, QueueDocument, WorkerDocument } from "../model/messaging-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";
import type { ChannelLayout, NodeLayout } from "./layout.js";

/** Whether messages of a queue outlive their delivery, or are taken several at once: then it is a channel of the engine. */
export function isKept({ nodes }: ModelDocument, name: string): boolean {
  const node = nodes[name]!;
  if (node.kind !== "queue") return node.kind === "log";
  if (node.visibility !== undefined || node.delay !== undefined) return true;
  return Object.values(nodes).some(
    (other) =>
      (other.kind === "worker" && other.takes === name && other.batch !== undefined) ||
      (other.kind === "queue" && other.deadLetter === name),
  );
}

/** The group of a worker: of a queue there is one, without a name. */
export function groupOf({ nodes }: ModelDocument, name: string, worker: WorkerDocument): string {
  return nodes[worker.takes]!.kind === "log" ? (worker.group ?? name) : "";
}

/** The workers of a channel by group. A queue has its one group though nobody takes from it. */
function groupsOf(document: ModelDocument, name: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>(document.nodes[name]!.kind === "queue" ? [["", []]] : []);
  for (const [worker, node] of Object.entries(document.nodes)) {
    if (node.kind !== "worker" || node.takes !== name) continue;
    const group = groupOf(document, worker, node);
    groups.set(group, [...(groups.get(group) ?? []), worker]);
  }
  return groups;
}

/** Gives a channel its meters and its place among the channels; its code comes when all nodes have theirs. */
export function planChannel(
  compilation: Compilation,
  bare: NodeLayout,
  down: boolean,
): Pick<CompiledNode, "layout" | "channel" | "firstStation" | "threadStations"> {
  const { document } = compilation;
  const life = compilation.meters++;
  const groups = new Map(
    [...groupsOf(document, bare.name).keys()].map((group) => [
      group,
      { meter: compilation.meters++, depth: compilation.depths++ },
    ]),
  );
  const redelivered = compilation.counters;
  compilation.counters += 3;
  const channel: ChannelLayout = { life, groups, redelivered, duplicates: redelivered + 1, dead: redelivered + 2 };
  // One that can be down has a station that publishers pass: they wait there.
  const gateDepth = down ? compilation.depths++ : -1;
  const gateQueue = down ? compilation.gauges++ : -1;
  return {
    layout: {
      ...bare,
      meters: groups.size === 0 ? [life] : [...groups.values()].map(({ meter }) => meter),
      depth: [...groups.values()][0]?.depth ?? -1,
      channel,
    },
    channel: compilation.channels.push(undefined) - 1,
    firstStation: down ? compilation.station(unlimited, gateQueue, gateDepth) : -1,
    threadStations: down ? 1 : 0,
  };
}

/** Emits what messages and deliveries of a channel do, and fills in its place among the channels. */
export function compileChannel(compilation: Compilation, node: CompiledNode): void {
  const { assembler, document } = compilation;
  const settings = node.document as QueueDocument | LogDocument;
  const ordered = settings.kind === "log";
  const visibility = clockOf(compilation, ordered ? undefined : settings.visibility);
  const retention = clockOf(compilation, ordered ? settings.retention : undefined);
  const [enter, deliver, expire, rejected, bury] = Array.from({ length: 5 }, () => assembler.label()) as [
    Label,
    Label,
    Label,
    Label,
    Label,
  ];
  assembler.mark(enter);
  const delay = ordered ? 0 : parseDuration(settings.delay ?? "0ms");
  if (delay > 0) compilation.pause(delay);
  assembler.emit(opcodes.show, ...retention);
  assembler.mark(deliver);
  assembler.emit(opcodes.deliver, ...visibility, rejected);
  assembler.emit(opcodes.acknowledge);
  assembler.mark(rejected);
  const backoff = ordered || settings.visibility === undefined ? -2 : settings.backoff;
  const pause = backoff === undefined ? -1 : typeof backoff === "number" ? backoff : parseDuration(backoff);
  assembler.emit(opcodes.reject, assembler.constant(pause));
  assembler.emit(opcodes.expire, 1);
  assembler.mark(expire);
  assembler.emit(opcodes.expire, ordered ? 2 : 0);
  assembler.mark(bury);
  assembler.emit(opcodes.expire, 3);
  const { life, groups, redelivered, duplicates, dead } = node.layout.channel!;
  const workers = groupsOf(document, node.layout.name);
  const partitions = ordered ? settings.partitions : 1;
  const plans = [...groups].map(([group, places]) => ({
    ...compileGroup(compilation, workers.get(group)!),
    ...places,
  }));
  const lines = plans.some(({ members }) => members.some(({ wait }) => wait > 0)) ? partitions : 0;
  compilation.reserve = Math.max(compilation.reserve, 2 * plans.length + lines + 6);
  const deadLetter = ordered || settings.deadLetter === undefined ? undefined : settings.deadLetter;
  compilation.channels[node.channel] = {
    ordered,
    partitions,
    capacity: ordered ? unlimited : (settings.capacity ?? unlimited),
    meter: life,
    redelivered,
    duplicates,
    dead,
    maxReceives: ordered ? 0 : (settings.maxReceives ?? 0),
    deadLetter: deadLetter === undefined ? -1 : compilation.nodes.get(deadLetter)!.channel,
    enter: enter.at,
    deliver: deliver.at,
    expire: expire.at,
    bury: bury.at,
    groups: plans,
  };
}

/** Lane and constant of a clock that runs for so long; -2 without one. */
function clockOf(compilation: Compilation, time: string | undefined): [number, number] {
  if (time === undefined) return [-2, 0];
  const ms = parseDuration(time);
  return [compilation.lane(ms), compilation.assembler.constant(ms)];
}

function compileGroup(compilation: Compilation, workers: readonly string[]): Omit<GroupPlan, "meter" | "depth"> {
  const { assembler } = compilation;
  const [ripe, rebalance, sweep] = [0, 1, 2].map(() => assembler.label()) as [Label, Label, Label];
  assembler.mark(ripe);
  assembler.emit(opcodes.ripen);
  const documents = workers.map((name) => compilation.nodes.get(name)!.document as WorkerDocument);
  const pauses = documents.map((worker) => parseDuration(worker.rebalance ?? "0ms"));
  assembler.mark(rebalance);
  const pause = Math.max(0, ...pauses);
  if (pause > 0) compilation.pause(pause);
  assembler.emit(opcodes.rebalance);
  assembler.mark(sweep);
  assembler.emit(opcodes.sweep);
  const members = workers.flatMap((name, i): MemberPlan[] => {
    const { worker, firstStation, threadStations, scaled } = compilation.nodes.get(name)!;
    const { max = 1, wait = "0ms" } = documents[i]!.batch ?? {};
    return Array.from({ length: threadStations }, (_, replica) => ({
      worker: scaled === undefined ? worker : worker + replica,
      station: firstStation + replica,
      absent: replica >= (scaled?.plan.initial ?? threadStations),
      most: max,
      wait: parseDuration(wait),
    }));
  });
  return { ripe: ripe.at, rebalance: rebalance.at, sweep: sweep.at, members };
}

/** Puts a message where it belongs, and goes on at `failed` where that is full or refuses. */
export function compilePublish(compilation: Compilation, to: string, failed: Label): void {
  const { assembler } = compilation;
  const node = compilation.nodes.get(to)!;
  const put = node.ops.get("put");
  if (node.document.kind === "topic") {
    assembler.emit(opcodes.call, put!.entry, put!.meter, failed);
    return;
  }
  if (node.gate >= 0) assembler.emit(opcodes.refuse, node.gate, failed);
  if (node.firstStation >= 0) assembler.emit(opcodes.pass, node.firstStation * stationStride);
  if (node.channel >= 0) assembler.emit(opcodes.put, node.channel * channelStride, failed);
  else assembler.emit(opcodes.publish, node.queue * 16, failed);
}

/** Puts a message into each of a topic's queues and logs. One that is full goes without; for one that is down a frame of its own waits. */
export function compileFanOut(compilation: Compilation, targets: readonly string[]): void {
  const { assembler } = compilation;
  for (const to of targets) {
    const next = assembler.label();
    if (compilation.nodes.get(to)!.firstStation < 0) compilePublish(compilation, to, next);
    else {
      const entry = assembler.label();
      assembler.emit(opcodes.spawn, entry, -1);
      compilation.pending.push(() => {
        const over = assembler.label();
        assembler.mark(entry);
        compilePublish(compilation, to, over);
        assembler.mark(over);
        assembler.emit(opcodes.quit);
      });
    }
    assembler.mark(next);
  }
}
