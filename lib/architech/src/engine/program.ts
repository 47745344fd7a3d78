import type { ChannelPlan } from "./channel-plan.js";
import type { Distribution } from "./distribution.js";

/** One place of a program that draws: what it draws, and the name of its random stream. */
export interface SamplingSite {
  readonly stream: string;
  readonly from: Distribution;
}

/**
 * What the machine runs: instructions and constants in flat tables, and the stations, queues and meters they use.
 * It knows nothing of services: whoever compiles a model decides what each of them stands for.
 */
export interface Program {
  /** Instructions and their operands; see `opcodes`. */
  readonly code: Int32Array;
  /** Where each instruction begins, as a place of the machine's memory. */
  readonly entries: readonly number[];
  readonly constants: Float64Array;
  /** Delay of each lane: events that are always this far ahead wait in a ring instead of the heap. */
  readonly lanes: Float64Array;
  readonly sites: readonly SamplingSite[];
  readonly stations: readonly StationPlan[];
  readonly queues: readonly QueuePlan[];
  readonly workers: readonly WorkerPlan[];
  readonly faults: readonly FaultPlan[];
  readonly policies: readonly PolicyPlan[];
  /** What faults set, as it is at first. */
  readonly levers: readonly number[];
  readonly caches: readonly KeyedCachePlan[];
  readonly copies: readonly CopiesPlan[];
  readonly channels: readonly ChannelPlan[];
  /** Whether there is something in it that not every core knows: instructions from 40 on, lines by rank, wide frames. */
  readonly extended: boolean;
  /** Priority and weight of each class of requests; empty where frames need not carry one. */
  readonly classes: readonly { readonly priority: number; readonly weight: number }[];
  /** Whether frames carry what a request has with it: class, key, deadline, rank, whether it ends with its caller. */
  readonly wide: boolean;
  readonly scaled: readonly ScaledPlan[];
  readonly balancers: readonly BalancerPlan[];
  readonly resting: readonly RestingPlan[];
  /** How many operations are measured (arrivals, completions, errors, latency, wait). */
  readonly meters: number;
  /** How many integrals of waiting or busy stations are kept. */
  readonly gauges: number;
  /** How many counts of waiting frames (with their maxima) are kept. */
  readonly depths: number;
  readonly counters: number;
  /** How many gates say whether requests are refused. */
  readonly gates: number;
  /** The most frames that one instruction starts. */
  readonly reserve: number;
  /** Places in the code where frames start at time zero, and how many. */
  readonly starts: readonly { readonly pc: number; readonly count: number }[];
}

/** More servers than anyone has: a station that never makes anyone wait. */
export const unlimited = 0x1fffffff;

/** Servers that frames take and give back. */
export interface StationPlan {
  readonly servers: number;
  /** Integral of the frames that wait here. */
  readonly gauge: number;
  /** Count of waiting frames that this station adds to. */
  readonly depth: number;
  /** Frames that wait at most. Default: no limit. */
  readonly room?: number;
  /** Who is next: `lineOrder`. Default: the one that has waited longest. */
  readonly order?: number;
  /** Waiting at it is no wait of the node whose frame waits: a wire, a partition. Needs an order of lines.ts. */
  readonly quiet?: boolean;
  /** What its line, or the sharing of its cores, keeps: see `core/lines.ts` and `core/sharing.ts`. */
  readonly record?: RecordPlan;
}

/** Orders of a line. */
export const lineOrder = { fifo: 0, lifo: 1, ranked: 2, linked: 3 } as const;

/** Sixteen ints: whole numbers from the front, doubles at the end. */
export interface RecordPlan {
  readonly ints: readonly number[];
  readonly doubles: readonly number[];
  /** Room for doubles of its own, and the int that holds its place. */
  readonly room?: { readonly at: number; readonly doubles: number };
}

/** What frames ask before they go on: see `core/policies.ts`. */
export interface PolicyPlan {
  /** The first is what it is: `policyKind`. */
  readonly ints: readonly number[];
  /** At most eight. */
  readonly doubles: readonly number[];
  /** The share of its room that each class of requests may use. Default: all of it. */
  readonly shares?: readonly number[];
  /** Room of its own, and the int that holds its place. */
  readonly room?: {
    readonly at: number;
    readonly ints?: number;
    /** The doubles begin at this value. */
    readonly doubles?: number;
    readonly fill?: number;
  };
}

/** Ints of a policy. */
export const policyStride = 32;

export const policyKind = {
  pace: 1,
  fixedWindow: 2,
  slidingLog: 3,
  slidingCounter: 4,
  breaker: 5,
  aimd: 6,
  vegas: 7,
  gradient: 8,
  retryBudget: 9,
} as const;

/** A cache that knows its keys: see `core/keyed-cache.ts`. */
export interface KeyedCachePlan {
  /** `evicts`. */
  readonly evicts: number;
  readonly entries: number;
  /** Counter of hits; misses, stale hits and evictions follow. */
  readonly counter: number;
  /** Sites that draw from 0 to 1, or -1. */
  readonly jitterSite: number;
  readonly victimSite: number;
  /** Whether one load is enough for all who miss. */
  readonly singleFlight: boolean;
  /** How long an entry lives, and how long it is fresh: Infinity for ever. */
  readonly life: number;
  readonly fresh: number;
  /** Share of both that is drawn. */
  readonly jitter: number;
}

/** Which entry of a full cache has to go. */
export const evicts = { lru: 0, fifo: 1, clock: 2, slru: 3, random: 4, lfu: 5 } as const;

/** Ints of a keyed cache. */
export const cacheStride = 32;

/** A database of several stations, shard by shard, and in each copy by copy: see `core/copies.ts`. */
export interface CopiesPlan {
  readonly firstStation: number;
  readonly shards: number;
  /** Of each shard, the primary among them. */
  readonly copies: number;
  /** Whether keys go to shards by range, rather than by hash. */
  readonly byRange: boolean;
  readonly keys: number;
  /** Which copy reads: 0 the primary, 1 the replicas in turn, 2 all in turn. */
  readonly reader: number;
  /** Whether a read goes to the primary where a replica lacks the last write of its key. */
  readonly readsWrites: boolean;
  /** How many replicas a write waits for. */
  readonly sync: number;
  /** Site of the time until a replica has a write; -1 where it has it at once. */
  readonly lagSite: number;
  /** The meters of the stations follow one another; -1 where all share that of the database. */
  readonly firstMeter: number;
  readonly meter: number;
  /** Counter of reads that are looked at; stale ones follow. -1 where none are. */
  readonly counter: number;
}

/** Ints of a database of several stations. */
export const copiesStride = 32;

/** Ints of a station; operands name stations by the offset of their first int from that of all stations. */
export const stationStride = 16;

/** Messages in the order of their arrival, and the workers that take them. */
export interface QueuePlan {
  readonly capacity: number;
  readonly meter: number;
  readonly depth: number;
  /** Indices of `workers`. */
  readonly takers: readonly number[];
}

export interface WorkerPlan {
  readonly queue: number;
  readonly station: number;
  readonly meter: number;
  /** Place in the code where work on a message starts. */
  readonly entry: number;
}

/** What goes down together. */
export interface FaultPlan {
  readonly firstStation: number;
  readonly stationCount: number;
  /** -1 where arrivals wait. */
  readonly gate: number;
  /** Queue whose messages nobody takes meanwhile, or -1. */
  readonly queue: number;
  /** Worker that takes nothing meanwhile, or -1. */
  readonly worker: number;
  /** Whether what is under way stands still too. */
  readonly freezes?: boolean;
  /** Channel whose messages nobody takes meanwhile; or of which those members take nothing who work at the stations. */
  readonly channel?: number;
  readonly members?: boolean;
}

/** A node whose threads start cold: see `core/resting.ts`. */
export interface RestingPlan {
  readonly firstStation: number;
  readonly stations: number;
  /** Of each station. */
  readonly threads: number;
  /** For how long one may rest, in milliseconds. */
  readonly idle: number;
}

/** Ints of such a node's record. */
export const restingStride = 8;

/** How one of several candidates is chosen: see `core/balancing.ts`. */
export interface BalancerPlan {
  /** 0 in turn, 1 random, 2 least, 3 idle, 4 ewma, 5 ring, 6 first. */
  readonly by: number;
  readonly candidates: readonly CandidatePlan[];
  /** Sampling site, or -1. */
  readonly site: number;
  /** So many drawn are compared, or 0 for all. */
  readonly choices: number;
  /** Hashes on the ring in ascending order, and whose they are. */
  readonly ring: readonly { readonly hash: number; readonly candidate: number }[];
  /** Places for keys that are kept, a power of two, or 0. */
  readonly keys: number;
  readonly nearest: boolean;
  /** Counter of ejections, or -1. */
  readonly ejections: number;
  /** Failures in a row that eject, or 0. */
  readonly failures: number;
  /** Looks in a row after which one counts as down, or as up again. */
  readonly down: number;
  readonly up: number;
  /** Milliseconds, but for the bound (times the average load) and the share that may be ejected. */
  readonly stale: number;
  readonly decay: number;
  readonly bound: number;
  readonly ejectedFor: number;
  readonly most: number;
  readonly slowStart: number;
  readonly sticky: number;
}

export interface CandidatePlan {
  readonly weight: number;
  /** Of a replica; -1 of what a gateway hands on to. */
  readonly station: number;
  readonly near: boolean;
  /** Whether it is there at first. */
  readonly there: boolean;
  /** Station and gate that say whether it is down; -1 where it never is. */
  readonly looksAt: number;
  readonly gate: number;
}

/** A node whose replicas come and go. */
export interface ScaledPlan {
  /** One for every place that a replica can have. */
  readonly firstStation: number;
  readonly places: number;
  /** Replicas that are ready at time zero: the first places. */
  readonly initial: number;
  /** Station where requests wait for a ready replica; -1 where messages are taken from a queue. */
  readonly lobby: number;
  readonly queue: number;
  /** Channel that its workers are members of, or -1. */
  readonly channel: number;
  /** Worker of the first place, the others follow; -1 where no messages are taken. */
  readonly worker: number;
  /** Threads and cores of one replica; 0 where there is no limit. */
  readonly threads: number;
  readonly cores: number;
  /** Ints from a thread station to its core station; 0 without core stations. */
  readonly coreOffset: number;
  /** Gauges of the replicas that there are, and of their cores. */
  readonly present: number;
  readonly presentCores: number;
  /** Gauges of the threads and cores of replicas that work: ready, or finishing what they hold. */
  readonly workingThreads: number;
  readonly workingCores: number;
  /** Counter of ended requests of the first place; the others follow. */
  readonly ended: number;
  /** Gauge of busy cores of the first place, the others follow; -1 where nobody asks. */
  readonly busy: number;
}

/** What stands in a place of a scaled node. */
export const replicaState = { absent: 0, starting: 1, ready: 2, draining: 3 } as const;
/** Ints that stand beside each station where something scales, and which of them says that: see `core/replicas.ts`. */
export const besideStride = 4;
export const stateField = 1;

/** Ints of a scaled node's record; `routeReady` names it by its offset. */
export const recordStride = 16;

/** Places of one meter in `Machine.meters`, eight to each. */
export const meterStride = 8;
/** Offsets of what a meter counts. `insideArea` + inside × now is the integral over time of what is inside. */
export const meterField = {
  arrivals: 0,
  done: 1,
  errors: 2,
  insideArea: 3,
  latencySum: 4,
  latencyMax: 5,
  waitSum: 6,
  waitMax: 7,
} as const;
