import { ArchitechError } from "./errors.js";
import { type Fields, field, record, shown } from "./fields.js";

/** Bounds of one task of a run. */
export interface RequestBounds {
  readonly maxEvents?: number;
  readonly maxWallMs?: number;
  readonly maxInside?: number;
}

/**
 * Parts of a model that are simulated beside each other: at most so many, or only where that pays. Across threads of one
 * process, or across workers of a cluster, each of which has one.
 */
export type RequestParts = "auto" | number | { readonly most: number; readonly across: "threads" | "workers" };

/** How a run is simulated and how long. Durations and shares are text with a unit ("10min", "2%"). */
export interface RequestOptions {
  readonly until: string;
  readonly warmup: string;
  /** Replications of every point; with `halfWidth`, at most so many. */
  readonly runs: number;
  readonly seed: number;
  /** Interval of the series. */
  readonly every?: string;
  readonly confidence: 0.9 | 0.95 | 0.99;
  /** Add replications until the interval of `metric` is this narrow at every point, as a share of the mean. */
  readonly halfWidth?: string;
  readonly metric?: string;
  /** Series of every replication (true), of none (false), or of the first of each point (left out). */
  readonly series?: boolean;
  /** Whether the rows of an earlier run of the same request will do. Default true. */
  readonly cache?: boolean;
  readonly bounds?: RequestBounds;
  /**
   * Parts of the model that are simulated beside each other, at most so many, or only where that pays ("auto", the
   * default). No number of the results depends on it.
   */
  readonly parts?: RequestParts;
  /**
   * Event after event ("events", the default), or request after request ("recursion") where requests never overtake each
   * other before a line. The same draws, so the same numbers but for their last places.
   */
  readonly method?: "events" | "recursion";
  /** What a recursion is worked on with. Default "cpu". */
  readonly device?: "cpu" | "gpu";
}

/** One scenario: what its rows are marked with, and what it changes in the model. */
export interface RequestPoint<Change = unknown> {
  readonly key: Readonly<Record<string, number | string>>;
  readonly change: Change;
}

/** A request to simulate: what `POST api/runs` carries, as JSON or MessagePack. */
export interface RunRequest<Model = unknown, Change = unknown> {
  readonly version: 1;
  readonly kind: "run" | "sweep" | "compare";
  /** Chosen by the sender, so that a request that is sent twice is one run. Default: the server chooses. */
  readonly id?: string;
  readonly model: Model;
  readonly points: readonly RequestPoint<Change>[];
  readonly options: RequestOptions;
}

/** The largest numbers of points, tasks and parts in a request. */
export const requestSizes = {
  maxPoints: 100_000,
  maxRuns: 100_000,
  maxTasks: 1_000_000,
  maxKeys: 16,
  maxParts: 64,
} as const;

const reserved = ["point", "replication", "events", "inside", "warmup", "reached", "runs", "t"];

/**
 * Checks the shape of a request, everything but its model and changes, which are the modeling library's to judge.
 * Throws `bad-run-request` with the path of the value.
 */
export function parseRunRequest(value: unknown): RunRequest {
  const from = object(value, []);
  if (field(from, "version") !== 1) throw refuse(["version"], "1", field(from, "version"));
  const kind = field(from, "kind");
  if (kind !== "run" && kind !== "sweep" && kind !== "compare")
    throw refuse(["kind"], '"run", "sweep" or "compare"', kind);
  const id = field(from, "id");
  if (id !== undefined && !isRunId(id)) throw refuse(["id"], "8 to 64 letters, digits or dashes", id);
  const points = field(from, "points");
  if (!Array.isArray(points) || points.length < 1 || points.length > requestSizes.maxPoints)
    throw refuse(["points"], `a list of 1 to ${requestSizes.maxPoints} points`, points);
  const options = parseOptions(object(field(from, "options"), ["options"]));
  if (points.length * options.runs > requestSizes.maxTasks)
    throw refuse(
      ["options", "runs"],
      `at most ${Math.floor(requestSizes.maxTasks / points.length)} for ${points.length} points`,
      options.runs,
    );
  const parsed = points.map((point, i) => parsePoint(point, ["points", i]));
  const names = Object.keys(parsed[0]?.key ?? {}).join();
  const odd = parsed.findIndex((point) => Object.keys(point.key).join() !== names);
  if (odd > 0)
    throw refuse(["points", odd, "key"], "the same names, in the same order, as at the first point", parsed[odd]?.key);
  return {
    version: 1,
    kind,
    ...(id === undefined ? {} : { id: id as string }),
    model: field(from, "model"),
    points: parsed,
    options,
  };
}

/** Whether the value can name a run. */
export function isRunId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/.test(value);
}

function parsePoint(value: unknown, path: Path): RequestPoint {
  const from = object(value, path);
  const key = object(field(from, "key"), [...path, "key"]);
  const entries = Object.entries(key);
  if (entries.length > requestSizes.maxKeys)
    throw refuse([...path, "key"], `at most ${requestSizes.maxKeys} names`, entries.length);
  for (const [name, at] of entries) {
    if (reserved.includes(name) || name.includes(".") || name === "" || name.length > 100)
      throw new ArchitechError(
        "bad-run-request",
        `"${name.slice(0, 100)}" cannot name what a sweep varies: it is empty, holds a dot, or is a column of the results (${reserved.join(", ")})`,
        { path: [...path, "key", name] },
      );
    if (typeof at !== "string" && (typeof at !== "number" || !Number.isFinite(at)))
      throw refuse([...path, "key", name], "a finite number or text", at);
  }
  return {
    key: key as Record<string, number | string>,
    change: object(field(from, "change") ?? {}, [...path, "change"]),
  };
}

function parseOptions(from: Fields): RequestOptions {
  const path = (name: string): Path => ["options", name];
  const text = (name: string): string => {
    const value = field(from, name);
    if (typeof value !== "string" || value.length > 100) throw refuse(path(name), "text with a unit", value);
    return value;
  };
  const integer = (name: string, low: number, high: number): number => {
    const value = field(from, name);
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high)
      throw refuse(path(name), `an integer from ${low} to ${high}`, value);
    return value;
  };
  const has = (name: string): boolean => field(from, name) !== undefined && field(from, name) !== null;
  const flag = (name: string): boolean => {
    const value = field(from, name);
    if (typeof value !== "boolean") throw refuse(path(name), "true or false", value);
    return value;
  };
  const confidence = field(from, "confidence") ?? 0.95;
  if (confidence !== 0.9 && confidence !== 0.95 && confidence !== 0.99)
    throw refuse(path("confidence"), "0.9, 0.95 or 0.99", confidence);
  if (has("halfWidth") && !has("metric"))
    throw refuse(path("metric"), "the metric whose interval halfWidth speaks of", field(from, "metric"));
  return {
    until: text("until"),
    warmup: has("warmup") ? text("warmup") : "auto",
    confidence,
    runs: has("runs") ? integer("runs", 1, requestSizes.maxRuns) : 1,
    seed: has("seed") ? integer("seed", 0, Number.MAX_SAFE_INTEGER) : 1,
    ...(has("every") ? { every: text("every") } : {}),
    ...(has("halfWidth") ? { halfWidth: text("halfWidth") } : {}),
    ...(has("metric") ? { metric: text("metric") } : {}),
    ...(has("series") ? { series: flag("series") } : {}),
    ...(has("cache") ? { cache: flag("cache") } : {}),
    ...(has("parts") ? { parts: partsOf(field(from, "parts"), path("parts")) } : {}),
    ...(has("method")
      ? { method: oneOf(field(from, "method"), ["events", "recursion"] as const, path("method")) }
      : {}),
    ...(has("device") ? { device: oneOf(field(from, "device"), ["cpu", "gpu"] as const, path("device")) } : {}),
    ...(has("bounds") ? { bounds: parseBounds(object(field(from, "bounds"), path("bounds"))) } : {}),
  };
}

function partsOf(value: unknown, path: Path): RequestParts {
  if (value === "auto") return value;
  if (typeof value !== "object" || value === null)
    return countOf(value, path, `"auto", an integer from 1 to ${requestSizes.maxParts}, or { most, across }`);
  const from = object(value, path);
  return {
    most: countOf(field(from, "most"), [...path, "most"], `an integer from 1 to ${requestSizes.maxParts}`),
    across: oneOf(field(from, "across"), ["threads", "workers"] as const, [...path, "across"]),
  };
}

function countOf(value: unknown, path: Path, right: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > requestSizes.maxParts)
    throw refuse(path, right, value);
  return value;
}

function oneOf<const T extends string>(value: unknown, of: readonly T[], path: Path): T {
  const found = of.find((each) => each === value);
  if (found === undefined) throw refuse(path, of.map((each) => `"${each}"`).join(" or "), value);
  return found;
}

function parseBounds(from: Fields): RequestBounds {
  const bounds: Record<string, number> = {};
  for (const [name, value] of Object.entries(from)) {
    if (name !== "maxEvents" && name !== "maxWallMs" && name !== "maxInside")
      throw refuse(["options", "bounds"], "maxEvents, maxWallMs or maxInside", name);
    if (typeof value !== "number" || !(value > 0))
      throw refuse(["options", "bounds", name], "a positive number", value);
    bounds[name] = value;
  }
  return bounds;
}

type Path = readonly (string | number)[];

function object(value: unknown, path: Path): Fields {
  try {
    return record(value, path.length === 0 ? "a run request" : `"${path.join(".")}"`);
  } catch (cause) {
    throw new ArchitechError("bad-run-request", (cause as Error).message, { path });
  }
}

function refuse(path: Path, right: string, value: unknown): ArchitechError {
  return new ArchitechError("bad-run-request", `"${path.join(".")}" is ${right}, not ${shown(value)}`, { path });
}
