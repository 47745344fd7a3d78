import assert from "node:assert/strict";
import fc from "fast-check";
import type { FaultDocument, ModelDocument, WorkerDocument } from "#src/model/document.js";
import { mostReplicas } from "#src/model/format-scale.js";
import { metricsOf } from "#src/model/metrics.js";
import { validate } from "#src/model/validate.js";
import { simulate } from "#src/simulation/simulate.js";
import type { SeriesRows, Task, TaskResult } from "#src/simulation/task.js";
import { anyModel } from "./random-model.js";

const untilMs = 400;
const bounds = { maxEvents: 300_000, maxWallMs: 60_000, maxInside: 50_000 };
const settings = { seed: 7, numRuns: 150 };

function taskOf(model: ModelDocument, replication = 0): Task {
  return { model: validate(model), options: { untilMs, warmupMs: 0, everyMs: 50, bounds }, seed: 3, replication };
}

function finish(task: Task): { result: TaskResult; value: (metric: string) => number; seconds: number } {
  const simulation = simulate(task);
  simulation.advance(Number.POSITIVE_INFINITY);
  const result = simulation.result();
  const names = new Map(metricsOf(task.model).map(({ name }, i) => [name, i]));
  return { result, value: (metric) => result.summary[names.get(metric)!]!, seconds: result.reachedMs / 1000 };
}

/** Everything that a task returns, as one list of numbers. */
function bytes(rows: readonly SeriesRows[], result: TaskResult): number[] {
  const { summary, histogram, warmupMs, reachedMs, events, inside } = result;
  const columns = [
    ...rows.flatMap((row) => Object.values(row)),
    ...Object.values(histogram),
    summary,
  ] as ArrayLike<number>[];
  return [...columns.flatMap((column) => Array.from(column)), warmupMs, reachedMs, events, inside];
}

describe("laws, whatever the model", () => {
  it("Little: what waits at a node is what arrives times how long it waits", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        // Who publishes to a queue that is down waits in front of it, in no node: its wait counts, its depth nowhere.
        const parked = (fault: FaultDocument): boolean =>
          isQueue(model, nodeOf(fault) ?? "") && JSON.stringify(fault).includes('"hang"');
        if (model.faults?.some(parked)) return;
        const { value, seconds } = finish(taskOf(model));
        for (const [name, node] of Object.entries(model.nodes)) {
          if (!["service", "database", "queue", "semaphore"].includes(node.kind)) continue;
          const queue = node.kind === "queue";
          const left = (value(`${name}.rate`) + (queue ? 0 : value(`${name}.errors`))) * seconds;
          const waited = left > 0 ? value(`${name}.wait.mean`) * left : 0;
          const area = value(`${name}.depth.mean`) * seconds * 1000;
          // Those still inside have waited too, though nobody counted it yet; each for no longer than the run.
          const still = Math.round(stillAt(model, value, name) * seconds);
          assert.ok(area >= waited * (1 - 1e-9) - 1e-6, `${name}: ${area} ≥ ${waited}`);
          // What goes on after its timeout, or beside a quicker one, waits on in its node, though its request has left.
          if (/"timeout"|"hedge"|"quorum"/.test(JSON.stringify(node))) continue;
          assert.ok(area - waited <= still * untilMs + 1e-6, `${name}: ${area} − ${waited} ≤ ${still} × ${untilMs}`);
        }
      }),
      settings,
    );
  });

  it("utilisation is throughput times demand", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const { value, seconds } = finish(taskOf(model));
        const busy = value("leaf.util") * 2 * seconds * 1000;
        const worked = value("leaf.rate") * seconds * 0.5;
        assert.ok(busy >= worked - 1e-6 && busy <= worked + 2 * 0.5 + 1e-6, `${busy} ms busy, ${worked} ms worked`);
      }),
      settings,
    );
  });

  it("nobody is busier than there is room, whatever comes and goes", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const { value } = finish(taskOf(model));
        for (const [name, node] of Object.entries(model.nodes)) {
          if (node.kind !== "service" && node.kind !== "worker") continue;
          const most = (node.scale === undefined ? 1 : 2) * mostReplicas(node);
          const replicas = value(`${name}.replicas`);
          assert.ok(replicas >= 0 && replicas <= most + 1e-9, `${name}: ${replicas} replicas of ${most}`);
          const text = JSON.stringify(node);
          // What goes on after its timeout, or after another has won, uses cores that its replica has given back.
          if (/"(timeout|hedge)"/.test(text)) continue;
          // Only cores that are fewer than threads are counted: else branches may use one each.
          const counted = node.kind === "service" && (node.threads === undefined || !text.includes('"parallel"'));
          for (const metric of counted ? ["util", "cores.util"] : ["util"])
            assert.ok(!(value(`${name}.${metric}`) > 1 + 1e-9), `${name}.${metric} is ${value(`${name}.${metric}`)}`);
        }
      }),
      settings,
    );
  });

  it("flow balance: what enters leaves or fails, and the rest is inside", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const { value, seconds, result } = finish(taskOf(model));
        for (const name of [...Object.keys(model.nodes), "traffic"]) {
          const still = stillAt(model, value, name) * seconds;
          assert.ok(still > -1e-6 && Math.abs(still - Math.round(still)) < 1e-6, `${name}: ${still} inside`);
        }
        // How many messages a batch had, and how many nobody can take yet, only the run itself knows.
        if (/"batch"|"delay"/.test(JSON.stringify(model.nodes))) return;
        let inside = stillAt(model, value, "traffic");
        for (const [name, node] of Object.entries(model.nodes)) {
          if (node.kind === "job") inside += stillAt(model, value, name);
          if (isQueue(model, name)) inside += messagesIn(model, value, name);
        }
        assert.ok(Math.abs(result.inside - inside * seconds) < 1e-6, `${result.inside} = ${inside * seconds}`);
      }),
      settings,
    );
  });

  it("nothing is lost: once nothing more is let in, all that was inside comes out", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        if ("rate" in model.traffic && model.traffic.rate === "2000rps") return;
        const last = { do: "outage", node: "front", at: "300ms", for: "1h", requests: "refuse" } as const;
        const elsewhere = (model.faults ?? []).filter(
          (fault) => !["front", "nightly"].includes(nodeOf(fault) ?? "") && "at" in fault,
        );
        const jobs = "nightly" in model.nodes ? [{ ...last, node: "nightly" }] : [];
        const task = taskOf({ ...model, faults: [...elsewhere, last, ...jobs] });
        const { result, value } = finish({ ...task, options: { ...task.options, untilMs: 60_000 } });
        const closed = JSON.stringify(model.traffic).includes('"users"');
        // What waited at the front when it went down waits for ever: its threads start no work.
        const waiting = value("front.depth.max");
        if (result.stopped !== undefined) return;
        assert.ok(result.inside <= (closed ? 0 : waiting) + waiting, `${result.inside} inside, ${waiting} waited`);
      }),
      { ...settings, numRuns: 60 },
    );
  });

  it("the same task gives the same bytes, however it is sliced", () => {
    fc.assert(
      fc.property(
        anyModel,
        fc.array(fc.double({ min: 0.01, max: 60, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (model, slices) => {
          const task = taskOf(model, 1);
          const whole = simulate(task);
          const rows = [whole.advance(Number.POSITIVE_INFINITY)];
          const sliced = simulate(task);
          const pieces: SeriesRows[] = [];
          for (let i = 0, at = 0; !sliced.done; i++) {
            at += slices[i % slices.length]!;
            pieces.push(sliced.advance(at));
          }
          assert.deepEqual(bytes([joined(pieces)], sliced.result()), bytes(rows, whole.result()));
        },
      ),
      { ...settings, numRuns: 80 },
    );
  });
});

const nodeOf = (fault: FaultDocument): string | undefined => ("node" in fault ? fault.node : undefined);

function isQueue(model: ModelDocument, name: string): boolean {
  const kind = model.nodes[name]?.kind;
  return kind === "queue" || kind === "log";
}

/** The workers that take from a queue or a log. */
function takersOf(model: ModelDocument, name: string): [string, WorkerDocument][] {
  return Object.entries(model.nodes).filter(
    (entry): entry is [string, WorkerDocument] => entry[1].kind === "worker" && entry[1].takes === name,
  );
}

/** How often a message waits in a queue or a log: once for each group. */
function copiesIn(model: ModelDocument, name: string): number {
  if (model.nodes[name]?.kind !== "log") return 1;
  return new Set(takersOf(model, name).map(([worker, { group }]) => group ?? worker)).size;
}

/** What has come to a node and has not left it, a second: of a queue, what waits there. */
function stillAt(model: ModelDocument, value: (metric: string) => number, name: string): number {
  const again = model.nodes[name]?.kind === "queue" ? value(`${name}.redelivered`) : 0;
  const came = value(`${name}.arrivals`) * copiesIn(model, name) + again;
  return came - value(`${name}.rate`) - value(`${name}.errors`);
}

/** What was put and is not done, dead or lost, a second: duplicates apart. */
function messagesIn(model: ModelDocument, value: (metric: string) => number, name: string): number {
  const node = model.nodes[name]!;
  const put = value(`${name}.arrivals`) * copiesIn(model, name) - value(`${name}.errors`);
  const kept = node.kind === "queue" && node.visibility !== undefined;
  const ended = takersOf(model, name).map(
    ([worker]) => value(`${worker}.rate`) + (kept ? 0 : value(`${worker}.errors`)),
  );
  const done = ended.reduce((sum, rate) => sum + rate, 0);
  return kept ? put - done + value(`${name}.duplicates`) - value(`${name}.dead`) : put - done;
}

function joined(pieces: readonly SeriesRows[]): SeriesRows {
  const columns = Object.keys(pieces[0]!) as (keyof SeriesRows)[];
  return Object.fromEntries(
    columns.map((column) => [column, pieces.flatMap((piece) => Array.from<number>(piece[column]))]),
  ) as unknown as SeriesRows;
}
