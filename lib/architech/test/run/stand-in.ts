import { existsSync, writeFileSync } from "node:fs";
import { pageSize } from "#src/engine/histogram.js";
import { metricsOf } from "#src/model/metrics.js";
import type { SeriesRows, Simulation, Task, TaskResult } from "#src/simulation/task.js";

/**
 * A stand-in for the engine, so that what is tested here is how runs are worked on: a single queue by Lindley's
 * recursion, as many metrics as the model has. The name of the model asks for trouble: "crash" ends the thread
 * ("crash once FILE" only while that file is missing), "throw" throws, "endless" gives one interval and never ends,
 * "stuck" gives one and does not come back, "saturated" says so. "wait 5 FILE" keeps replication 5 and those after it from
 * ending as long as that file is missing.
 */
export function simulate(task: Task): Simulation {
  const { untilMs, everyMs } = task.options;
  const nodes = [...Object.keys(task.model.nodes), "traffic"];
  const draw = generator(task.seed * 1_000_003 + task.replication);
  const trouble = task.model.name ?? "";
  if (trouble === "throw") throw new Error("no");
  let nowMs = 0;
  let wait = 0;
  let sum = 0;
  let events = 0;
  return {
    nodes,
    get nowMs() {
      return nowMs;
    },
    get done() {
      return nowMs >= untilMs;
    },
    advance(cutMs, sliceMs = 10) {
      if (trouble === "crash" && nowMs > untilMs / 2) process.exit(1);
      if (trouble.startsWith("crash once ") && nowMs > untilMs / 2) crashOnce(trouble.slice("crash once ".length));
      if (trouble === "stuck" && nowMs > 0) for (;;) void 0;
      const begun = performance.now();
      const rows: number[][] = [];
      while (nowMs < cutMs) {
        for (let i = 0; i < 100; i++) {
          wait = Math.max(0, wait + exponential(draw) * 8 - exponential(draw) * 10);
          sum += wait;
          events++;
        }
        if ((trouble === "endless" && nowMs > 0) || isKept(trouble, task.replication)) {
          if (performance.now() - begun > sliceMs) return columns([]);
          continue;
        }
        nowMs = Math.min(untilMs, nowMs + everyMs);
        for (let node = 0; node < nodes.length; node++) rows.push([node, nowMs / 1000, wait]);
        if (performance.now() - begun > sliceMs || trouble === "stuck") break;
      }
      return columns(rows);
    },
    result(): TaskResult {
      return {
        summary: Float64Array.from(metricsOf(task.model), (_, i) => sum / events + i),
        value: (metric) => sum / events + metric,
        events,
        inside: 0,
        warmupMs: 0,
        reachedMs: nowMs,
        histogram: {
          node: Uint16Array.of(0, 0),
          page: Int32Array.of(90, 91),
          counts: Float32Array.from({ length: 2 * pageSize }, (_, i) => (i % pageSize === 3 ? 4 : 0)),
        },
        saturated: trouble === "saturated" ? ["api"] : [],
      };
    },
  };
}

function isKept(trouble: string, replication: number): boolean {
  const [, first, file] = /^wait (\d+) (.*)$/.exec(trouble) ?? [];
  return file !== undefined && replication >= Number(first) && !existsSync(file);
}

function crashOnce(file: string): void {
  if (existsSync(file)) return;
  writeFileSync(file, "");
  process.exit(1);
}

function columns(rows: readonly number[][]): SeriesRows {
  const of = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i] ?? NaN);
  const [t, wait, none] = [of(1), of(2), of(3)];
  return {
    node: Uint16Array.from(rows, (row) => row[0] ?? 0),
    t,
    arrivals: wait,
    completions: wait,
    errors: none,
    latencyP50: wait,
    latencyP95: wait,
    latencyP99: wait,
    depth: wait,
    util: none,
    replicas: none,
    cost: none,
    moved: none,
  };
}

function exponential(draw: () => number): number {
  return -Math.log(1 - draw());
}

/** A 32-bit generator by addition and mixing (mulberry32's construction): enough for a stand-in. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
