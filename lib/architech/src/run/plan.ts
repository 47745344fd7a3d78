import { ArchitechError, parseRunRequest, type RequestOptions } from "@architech/protocol";
import type { SimulationRequest } from "../experiment/stream-source.js";
import type { PointKey, TableShape } from "../experiment/stream-tables.js";
import { applyChange } from "../model/change.js";
import type { ChangeDocument } from "../model/change-document.js";
import { isDecidedHere } from "../model/custom-steps.js";
import type { ModelDocument } from "../model/document.js";
import { metricsOf } from "../model/metrics.js";
import { movesKeys } from "../model/resharding.js";
import { validate } from "../model/validate.js";
import { tooLargeForShader } from "../recursion/shader-layout.js";
import { mustBeRecursion } from "../simulation/recursion.js";
import type { Bounds, Task, TaskOptions } from "../simulation/task.js";
import { parseDuration } from "../units/duration.js";
import { parseRatio } from "../units/ratio.js";
import { isTiny } from "./tiny.js";

/** Bounds of a task where the request names none: enough for an hour of a busy shop, not enough to fill a machine. */
const defaultBounds: Bounds = { maxEvents: 2_000_000_000, maxWallMs: 600_000, maxInside: 2_000_000 };

/**
 * Into how many batches the series of one replication of all points is cut, about: a reader sees that often something
 * new. What is over before anyone has looked needs few.
 */
const batchesInAll = 400;
const batchesOfTiny = 8;

/** Intervals in a series, at most. */
const maxIntervals = 100_000;

/** A request that was found good, with everything that its tasks are made from. */
export interface Plan {
  readonly request: SimulationRequest;
  readonly model: ModelDocument;
  readonly shape: TableShape;
  readonly options: TaskOptions;
  readonly seed: number;
  readonly points: number;
  /** Replications of each point; at most so many when `precision` is given. */
  readonly runs: number;
  /** Stop when the metric's interval is this narrow everywhere. */
  readonly precision?: {
    readonly metric: number;
    readonly share: number;
    readonly confidence: number;
    readonly paired: boolean;
  };
  /** See `isTiny`. One that shall be in parts is not. */
  readonly tiny: boolean;
  /** Whether functions of this process have a say in it: nothing else can simulate it, or know what it gave. */
  readonly here: boolean;
  /** Simulated time between two batches of the series. */
  readonly cutMs: number;
}

/** One replication of one point, and which tables it adds to besides the summary. */
export interface PlannedTask {
  readonly number: number;
  readonly point: number;
  readonly replication: number;
  readonly series: boolean;
  readonly histogram: boolean;
  readonly task: Task;
  /** In how many parts it may be simulated at most; undefined for one. */
  readonly parts?: MayPart;
}

/** In how many parts a task may be simulated. */
export interface MayPart {
  /** At most so many. */
  readonly most: number;
  /** Only where that pays. */
  readonly ifItPays: boolean;
  /** Whether each is for a worker of its own; left out for threads. */
  readonly across?: "workers";
  /** Threads that there are here all the same. */
  readonly threads: number;
}

/**
 * Checks a request that anyone may have sent, model and every change included, and plans it.
 * Throws `ArchitechError` and nothing else, `custom-missing` where a function of the model is not in this process; yields to the event loop between points.
 */
export async function planRun(value: unknown): Promise<Plan> {
  const parsed = parseRunRequest(value);
  const model = validate(parsed.model);
  const here = isDecidedHere(model);
  const started = { at: performance.now() };
  const { method, device } = parsed.options;
  let moves = false;
  for (const [i, point] of parsed.points.entries()) {
    const changed = within(["points", i, "change"], () => applyChange(model, point.change as ChangeDocument));
    moves ||= movesKeys(changed);
    if (method === "recursion") within(["points", i], () => checkRecursion(changed, device));
    if (performance.now() - started.at > 20) {
      await new Promise((resolve) => setImmediate(resolve));
      started.at = performance.now();
    }
  }
  const request: SimulationRequest = { ...parsed, model, points: parsed.points as SimulationRequest["points"] };
  const { until, warmup, every, runs, seed, halfWidth, metric, confidence, bounds } = request.options;
  const untilMs = within(["options", "until"], () => positive(parseDuration(until), until));
  const warmupMs = warmup === "auto" ? warmup : within(["options", "warmup"], () => parseDuration(warmup));
  if (device === "gpu") checkForGpu(parsed.options);
  if (warmupMs !== "auto" && warmupMs >= untilMs)
    throw new ArchitechError("bad-run-request", `warmup ${warmup} leaves nothing of until ${until}`, {
      path: ["options", "warmup"],
    });
  const everyMs =
    every === undefined
      ? roundInterval(untilMs)
      : within(["options", "every"], () => positive(parseDuration(every), every));
  if (untilMs / everyMs > maxIntervals)
    throw new ArchitechError(
      "bad-run-request",
      `every ${every} makes more than ${maxIntervals} intervals of ${until}`,
      { path: ["options", "every"] },
    );
  const metrics = metricsOf(model);
  const points = request.points.length;
  const { parts = "auto" } = request.options;
  const tiny = isTiny({ model, request, runs, untilMs }) && (parts === "auto" || parts === 1) && device !== "gpu";
  const batches = Math.max(4, Math.ceil((tiny ? batchesOfTiny : batchesInAll) / points));
  const plan: Plan = {
    request,
    model,
    seed,
    runs,
    points,
    tiny,
    here,
    shape: {
      keys: request.points.map((point): PointKey => point.key),
      metrics,
      nodes: [...Object.keys(model.nodes), "traffic"],
      everySeconds: everyMs / 1000,
      moves,
    },
    options: {
      untilMs,
      warmupMs,
      everyMs,
      bounds: { ...defaultBounds, ...bounds },
      ...(method === "recursion" ? { method } : {}),
      ...(device === "gpu" ? { device } : {}),
    },
    cutMs: Math.ceil(untilMs / everyMs / batches) * everyMs,
  };
  if (halfWidth === undefined || metric === undefined) return plan;
  const number = metrics.findIndex(({ name }) => name === metric);
  if (number < 0)
    throw new ArchitechError("unknown-metric", `"${metric}" is not a metric of this model`, {
      path: ["options", "metric"],
    });
  const share = within(["options", "halfWidth"], () => positive(parseRatio(halfWidth), halfWidth));
  return { ...plan, precision: { metric: number, share, confidence, paired: request.kind === "compare" } };
}

/** Throws `not-a-recursion`, also where it is one that is too large for the device. */
function checkRecursion(model: ModelDocument, device: RequestOptions["device"]): void {
  const plan = mustBeRecursion(model);
  const why = device === "gpu" ? tooLargeForShader(plan) : undefined;
  if (why !== undefined) throw new ArchitechError("not-a-recursion", `the model is no recursion for a GPU: ${why}`);
}

/** What a GPU cannot give is refused rather than left out. */
function checkForGpu({ method, warmup, series }: RequestOptions): void {
  const refuse = (option: string, why: string): ArchitechError =>
    new ArchitechError("bad-run-request", why, { path: ["options", option] });
  if (method !== "recursion") throw refuse("device", 'device "gpu" works on recursions only: method: "recursion"');
  if (warmup === "auto") throw refuse("warmup", 'device "gpu" finds no warm-up: say how long it is, as in "10s"');
  if (series === true) throw refuse("series", 'device "gpu" has no series: leave series out');
}

/** In how many parts each task may be simulated where there are so many threads, and workers that may be asked, or why in one. */
export function partsOf(
  { request, points, runs, tiny, options }: Plan,
  threads: number,
  workers = 1,
): MayPart | string {
  const { parts = "auto" } = request.options;
  const wanted = typeof parts === "object" ? parts.most : parts;
  if (wanted === 1) return "one part was asked for";
  if (options.method === "recursion") return "a recursion goes from request to request, one after the other";
  if (typeof parts === "object" && parts.across === "workers" && workers > 1)
    return { most: Math.min(parts.most, workers), ifItPays: false, across: "workers", threads };
  if (threads < 2 && typeof parts === "object" && parts.across === "workers") return "no other worker is free";
  if (threads < 2) return `there ${threads === 1 ? "is one worker thread" : "are no worker threads"}`;
  if (wanted !== "auto") return { most: Math.min(wanted, threads), ifItPays: false, threads };
  if (tiny) return "so small a run is over before other threads have begun";
  const tasks = points * runs;
  const most = Math.floor(threads / tasks);
  if (most < 2) return `each of ${tasks} tasks is work for one of ${threads} threads`;
  return { most, ifItPays: true, threads };
}

/** Task of a number: replication 0 of every point comes first, so that the first picture is whole and then sharpens. */
export function plannedTask(plan: Plan, number: number, parts?: PlannedTask["parts"]): PlannedTask {
  const point = number % plan.points;
  const replication = Math.floor(number / plan.points);
  const { series } = plan.request.options;
  const change = plan.request.points[point]?.change ?? {};
  return {
    number,
    point,
    replication,
    series: series ?? replication === 0,
    histogram: plan.request.kind === "run" || replication === 0,
    task: { model: applyChange(plan.model, change), options: plan.options, seed: plan.seed, replication },
    ...(parts === undefined ? {} : { parts }),
  };
}

/** One, two or five times a power of ten, so that there are between 100 and 250 intervals. */
function roundInterval(untilMs: number): number {
  const power = 10 ** Math.floor(Math.log10(untilMs / 100));
  const factor = [5, 2, 1].find((step) => untilMs / (step * power) >= 100) ?? 1;
  return factor * power;
}

function positive(value: number, text: string): number {
  if (!(value > 0)) throw new ArchitechError("bad-run-request", `"${text}" is not more than nothing`);
  return value;
}

/** Puts the path of the request before that of an error. */
function within<T>(path: readonly (string | number)[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ArchitechError)) throw error;
    throw new ArchitechError(error.code, error.message, { path: [...path, ...error.path], cause: error });
  }
}
