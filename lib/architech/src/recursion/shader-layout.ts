import type { Distribution } from "../engine/distribution.js";
import type { RecursionPlan } from "./plan.js";
import { parametersOf } from "./shader-draws.js";

/** Buckets of an octave, and where they begin: 2^-10 ms to 2^20 ms. */
export const octaveBits = 5;
export const lowestExponent = -10;
export const gpuBuckets: number = 30 << octaveBits;

/** Servers, and requests that wait at most, of a line that a processor of graphics can hold. */
const mostServers = 256;
const mostRoom = 64;

/** Words of a frame, a line, and all else in what a task gives. */
export const frameWords = 11;
export const lineWords = 7;

/** How a shader lays out the words of a task. */
export interface ShaderLayout {
  /** Words of the parameters, of what is kept from one dispatch to the next, and of that what is given at the end. */
  readonly parameters: number;
  readonly state: number;
  readonly frames: number;
  readonly lines: number;
  readonly busy: number;
  readonly inside: number;
  /** First parameter of each drawn time (the arrivals are the first) and of each line. */
  readonly drawn: readonly number[];
  readonly line: readonly number[];
  /** Places of the servers and of the room of each line. */
  readonly servers: readonly number[];
  readonly room: readonly number[];
  readonly histograms: number;
}

/** Words before those of drawn times: ticks of a ms, and the ends of warm-up, run, half and three quarters as 64 bits. */
const firstParameter = 9;

/** What two plans share whose tasks can be dispatched together. */
export function shapeOf(plan: RecursionPlan): string {
  const drawn = [plan.arrivals, ...plan.works].map(({ from }) => kindOf(from));
  const lines = plan.lines.map(({ servers, replicas, room }) => [powerOfTwo(servers * replicas), roomOf(room)]);
  return JSON.stringify([drawn, lines, plan.stages, plan.frames, plan.lines.map(({ gauge, depth }) => [gauge, depth])]);
}

function kindOf(from: Distribution): unknown {
  if (from.kind === "mixture") return from.of.map(({ part }) => kindOf(part));
  return from.kind === "empirical" ? [from.kind, from.values.length] : from.kind;
}

/** How many places a list has that must hold so many. */
export function powerOfTwo(x: number): number {
  return 2 ** Math.ceil(Math.log2(x));
}

/** Places of those that wait at a line, 0 where any number may. */
export function roomOf(room: number): number {
  return room === Number.POSITIVE_INFINITY ? 0 : powerOfTwo(Math.max(1, room));
}

/** Why a recursion cannot be dispatched, or undefined. */
export function tooLargeForShader({ lines }: RecursionPlan): string | undefined {
  for (const { servers, replicas, room } of lines) {
    if (servers * replicas > mostServers) return `a line has ${servers * replicas} servers, of ${mostServers} at most`;
    if (room === Number.POSITIVE_INFINITY) continue;
    if (room > mostRoom) return `a line has room for ${room}, of ${mostRoom} at most`;
    if (replicas > 1) return "a line has limited room in front of several replicas";
  }
  return undefined;
}

/** Gauges of busy cores, each once. */
export function busyOf({ stages }: RecursionPlan): readonly number[] {
  return [...new Set(stages.flatMap((stage) => (stage.do === "work" && stage.busy >= 0 ? [stage.busy] : [])))];
}

/** Where the words of a task of this plan are. */
export function layoutOf(plan: RecursionPlan): ShaderLayout {
  const { works, lines, frames, arrivals } = plan;
  let parameters = firstParameter;
  const drawn = [arrivals, ...works].map(({ from }) => {
    const at = parameters;
    parameters += parametersOf(from).length;
    return at;
  });
  const line = lines.map(() => (parameters += 3) - 3);
  // finished, clock, streams
  let state = 3 + 4 * (works.length + 1);
  const servers: number[] = [];
  const room: number[] = [];
  for (const each of lines) {
    // since, offset of the one before, turn, place in the room
    servers.push((state += 4));
    state += powerOfTwo(each.servers * each.replicas);
    room.push(state);
    state += roomOf(each.room);
  }
  const framesAt = state;
  const linesAt = framesAt + frameWords * frames.length;
  const busy = linesAt + lineWords * lines.length;
  const inside = busy + 2 * busyOf(plan).length;
  return {
    parameters,
    state: inside + 1,
    frames: framesAt,
    lines: linesAt,
    busy,
    inside,
    drawn,
    line,
    servers,
    room,
    histograms: 2 * frames.length,
  };
}
