import assert from "node:assert/strict";
import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import { mostReplicas } from "#src/model/format-scale.js";
import type { WorkerDocument } from "#src/model/messaging-document.js";
import { mayDeadlock } from "./deadlock.js";
import { decided } from "./decided.js";
import { Seen } from "./seen.js";

/** Something that holds in every run, whatever the model; throws where it does not. */
export type Law = (seen: Seen) => void;

/** Long enough for faults to begin and to end. */
const untilMs = 80;

/** The laws by name. */
const laws: Readonly<Record<string, Law>> = {
  "Little: what waits at a node is what arrives times how long it waits": little,
  "utilisation is throughput times demand": utilisation,
  "nobody is busier than there is room": room,
  "flow balance: what enters leaves or fails, and the rest is inside": balance,
  "the same task gives the same bytes, however it is sliced": sameBytes,
  "nothing is lost: once nothing more is let in, all that was inside comes out": nothingLost,
};

/** The first law that a model breaks, and how; undefined where all of them hold. */
export function broken(
  model: ModelDocument,
  among: Readonly<Record<string, Law>> = laws,
): { readonly law: string; readonly how: string } | undefined {
  const seen = new Seen(decided(model), untilMs);
  for (const [law, check] of Object.entries(among))
    try {
      check(seen);
    } catch (error) {
      return { law, how: (error as Error).message };
    }
  return undefined;
}

function little(seen: Seen): void {
  const { model, seconds, untilMs } = seen;
  // Who publishes to a queue that is down waits in front of it, in no node: its wait counts, its depth nowhere.
  const parked = (fault: FaultDocument): boolean =>
    isQueue(model, nodeOf(fault) ?? "") && JSON.stringify(fault).includes('"hang"');
  if (model.faults?.some(parked)) return;
  for (const [name, node] of Object.entries(model.nodes)) {
    if (!["service", "database", "queue", "semaphore"].includes(node.kind)) continue;
    const queue = node.kind === "queue";
    const left = (seen.value(`${name}.rate`) + (queue ? 0 : seen.value(`${name}.errors`))) * seconds;
    const waited = left > 0 ? seen.value(`${name}.wait.mean`) * left : 0;
    const area = seen.value(`${name}.depth.mean`) * seconds * 1000;
    // Those still inside have waited too, though nobody counted it yet; each for no longer than the run.
    const still = Math.round(stillAt(seen, name) * seconds);
    assert.ok(area >= waited * (1 - 1e-9) - 1e-6, `${name}: ${area} ≥ ${waited}`);
    // What goes on after its timeout, or beside a quicker one, waits on in its node, though its request has left; branches
    // wait several times at once.
    if (/"timeout"|"hedge"|"quorum"|"parallel"/.test(JSON.stringify(node))) continue;
    assert.ok(area - waited <= still * untilMs + 1e-6, `${name}: ${area} − ${waited} ≤ ${still} × ${untilMs}`);
  }
}

/** Of services that do nothing but use a core for a known time, and never stand still. */
function utilisation(seen: Seen): void {
  const { model, seconds } = seen;
  for (const [name, node] of Object.entries(model.nodes)) {
    if (node.kind !== "service" || node.scale !== undefined || node.threads === undefined) continue;
    const steps = Object.values(node.ops);
    const [first] = steps[0] ?? [];
    if (steps.length !== 1 || steps[0]!.length !== 1 || first?.do !== "cpu" || first.time !== "0.5ms") continue;
    if (model.faults?.some((fault) => nodeOf(fault) === name || "zone" in fault)) continue;
    const servers = (node.replicas ?? 1) * Math.min(node.threads, node.cores ?? node.threads);
    const busy = seen.value(`${name}.cores.util`) * servers * seconds * 1000;
    const worked = seen.value(`${name}.rate`) * seconds * 0.5;
    const most = worked + servers * 0.5;
    assert.ok(busy >= worked - 1e-6 && busy <= most + 1e-6, `${name}: ${busy} ms busy, ${worked} ms worked`);
  }
}

function room(seen: Seen): void {
  for (const [name, node] of Object.entries(seen.model.nodes)) {
    if (node.kind !== "service" && node.kind !== "worker") continue;
    const most = (node.scale === undefined ? 1 : 2) * mostReplicas(node);
    const replicas = seen.value(`${name}.replicas`);
    assert.ok(replicas >= 0 && replicas <= most + 1e-9, `${name}: ${replicas} replicas of ${most}`);
    // Of fewer threads, those at work go on to their end.
    if (node.scale?.by === "schedule" && node.scale.steps.some((step) => step.threads ?? step.cores)) continue;
    const text = JSON.stringify(node);
    // What goes on after its timeout, or after another has won, uses cores that its replica has given back.
    if (/"(timeout|hedge)"/.test(text)) continue;
    // Only cores that are fewer than threads are counted: else branches may use one each.
    const counted = node.kind === "service" && (node.threads === undefined || !text.includes('"parallel"'));
    for (const metric of counted ? ["util", "cores.util"] : ["util"]) {
      const value = seen.value(`${name}.${metric}`);
      assert.ok(!(value > 1 + 1e-9), `${name}.${metric} is ${value}`);
    }
  }
}

function balance(seen: Seen): void {
  const { model, seconds, result } = seen;
  for (const name of [...Object.keys(model.nodes), "traffic"]) {
    const still = stillAt(seen, name) * seconds;
    assert.ok(still > -1e-6 && Math.abs(still - Math.round(still)) < 1e-6, `${name}: ${still} inside`);
  }
  // How many messages a batch had, and how many nobody can take yet, only the run itself knows.
  if (/"batch"|"delay"/.test(JSON.stringify(model.nodes))) return;
  let inside = stillAt(seen, "traffic");
  for (const [name, node] of Object.entries(model.nodes)) {
    if (node.kind === "job") inside += stillAt(seen, name);
    if (isQueue(model, name)) inside += messagesIn(seen, name);
  }
  assert.ok(Math.abs(result.inside - inside * seconds) < 1e-6, `${result.inside} inside, ${inside * seconds} counted`);
}

function sameBytes(seen: Seen): void {
  const sliced = new Seen(seen.model, seen.untilMs, [0.01, 13, 2.7, 41]);
  assert.ok(sliced.bytes().equals(seen.bytes()), "two runs of the same task differ");
}

function nothingLost({ model }: Seen): void {
  const entrances = Object.entries(model.nodes)
    .filter(([name, { kind }]) => kind === "job" || isEntrance(model, name))
    .map(([name]) => name);
  // What is overloaded takes too long to become empty.
  if (!entrances.some((name) => isEntrance(model, name)) || JSON.stringify(model.traffic).includes("2000rps")) return;
  if (mayDeadlock(model)) return;
  if (Object.keys(model.nodes).some((name) => isQueue(model, name) && takersOf(model, name).length === 0)) return;
  // A few that wait may be too few to wake anyone up.
  if (JSON.stringify(model.nodes).includes('"activation":1')) return;
  const last = { do: "outage", at: "60ms", for: "1h", requests: "refuse" } as const;
  const others = (model.faults ?? []).filter((fault) => !entrances.includes(nodeOf(fault) ?? "") && "at" in fault);
  const { network } = model;
  const closing = {
    ...model,
    faults: [...others, ...entrances.map((node) => ({ ...last, node }))],
    // Who is on the way to a closed door is inside.
    ...(network && { network: { ...network, hops: (network.hops ?? []).filter(({ from }) => from !== "traffic") } }),
  };
  let left = 0;
  let may = 0;
  for (const untilMs of [160, 2_000, 60_000]) {
    const seen = new Seen(closing, untilMs);
    if (seen.result.stopped !== undefined) return;
    left = seen.result.inside;
    // What waited at an entrance when it went down waits for ever: its threads start no work.
    may = 0;
    for (const name of entrances) may += seen.value(`${name}.depth.max`) || 0;
    if (JSON.stringify(model.traffic).includes('"users"')) may *= 2;
    if (left <= may) return;
  }
  assert.fail(`${left} inside for ever, and at most ${may} of them wait at a door`);
}

function isEntrance({ traffic }: ModelDocument, name: string): boolean {
  const flows = "classes" in traffic ? Object.values(traffic.classes) : [traffic];
  return flows.some(({ to }) => to === name);
}

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
function stillAt({ model, value }: Seen, name: string): number {
  const again = model.nodes[name]?.kind === "queue" ? value(`${name}.redelivered`) : 0;
  const came = value(`${name}.arrivals`) * copiesIn(model, name) + again;
  return came - value(`${name}.rate`) - value(`${name}.errors`);
}

/** What was put and is not done, dead or lost, a second: duplicates apart. */
function messagesIn({ model, value }: Seen, name: string): number {
  const node = model.nodes[name]!;
  const put = value(`${name}.arrivals`) * copiesIn(model, name) - value(`${name}.errors`);
  const kept = node.kind === "queue" && node.visibility !== undefined;
  const ended = takersOf(model, name).map(
    ([worker]) => value(`${worker}.rate`) + (kept ? 0 : value(`${worker}.errors`)),
  );
  const done = ended.reduce((sum, rate) => sum + rate, 0);
  return kept ? put - done + value(`${name}.duplicates`) - value(`${name}.dead`) : put - done;
}
