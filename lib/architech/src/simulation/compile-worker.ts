import { opcodes } from "../engine/opcodes.js";
import type { WorkerDocument } from "../model/messaging-document.js";
import type { StepDocument } from "../model/step-document.js";
import type { TimeDocument } from "../model/time-document.js";
import type { Compilation } from "./compile.js";
import { groupOf } from "./compile-channel.js";
import { compileLeave, countsBusy, placesOf, planScale } from "./compile-scale.js";
import { compileSteps } from "./compile-steps.js";
import { emitErrors } from "./compile-time.js";
import type { CompiledNode, MakeOp } from "./compiled-node.js";
import type { NodeLayout } from "./layout.js";
import { ownScope } from "./scope.js";

/**
 * Gives a worker its stations. Replicas that take from a queue are as one; those that take from a log have partitions
 * of their own, and those that come and go are gone for themselves: they have a station each.
 */
export function planWorker(
  compilation: Compilation,
  bare: NodeLayout,
  document: WorkerDocument,
  op: MakeOp,
): Pick<CompiledNode, "layout" | "ops" | "worker" | "firstStation" | "threadStations" | "scaled"> {
  const { replicas = 1, threads = 1, scale, takes, work } = document;
  const apart = scale !== undefined || compilation.document.nodes[takes]!.kind === "log";
  const places = scale === undefined ? replicas : placesOf(document);
  const meter = compilation.meters++;
  const gauge = compilation.gauges++;
  const depth = compilation.depths++;
  const firstStation = compilation.stations.length;
  const threadStations = apart ? places : 1;
  for (let i = 0; i < threadStations; i++) compilation.station(apart ? threads : replicas * threads, gauge, depth);
  const worker = compilation.workers.length;
  const workers = scale === undefined ? 1 : places;
  for (let i = 0; i < workers; i++)
    compilation.workers.push({ queue: -1, station: firstStation + i, meter, entry: -1 });
  const scaled =
    scale === undefined
      ? undefined
      : planScale(compilation, bare.name, document, {
          firstStation,
          lobby: -1,
          worker,
          threads,
          cores: threads,
          coreOffset: 0,
        });
  const steps = Array.isArray(work)
    ? (work as readonly StepDocument[])
    : [{ do: "wait" as const, time: work as TimeDocument }];
  const capacity = scale === undefined ? replicas * threads : threads;
  return {
    layout: {
      ...bare,
      meters: [meter],
      replicas,
      capacity,
      cores: capacity,
      scaled: scaled?.plan,
      takes: { node: takes, group: groupOf(compilation.document, bare.name, document) },
    },
    ops: new Map([["work", op(meter, steps)]]),
    worker,
    firstStation,
    threadStations,
    scaled,
  };
}

/** Emits the work on a message. */
export function compileWorker(compilation: Compilation, node: CompiledNode, document: WorkerDocument): void {
  const { assembler, workers } = compilation;
  const { entry, steps, meter } = node.ops.get("work")!;
  const takes = compilation.nodes.get(document.takes)!;
  const { scaled } = node;
  // A delivery of a channel waits for its work, and lets the worker go on itself.
  const mode = takes.channel < 0 ? 4 : 0;
  // Whose thread it is that ends shows only in the station, where there are several.
  const worker = scaled === undefined ? node.worker : -1;
  assembler.mark(entry);
  const failed = assembler.label();
  const path = `${node.layout.name}/work`;
  if (countsBusy(node)) assembler.emit(opcodes.replicaBegin);
  emitErrors(compilation, node, path, failed);
  compileSteps(compilation, steps, ownScope(node, path, failed));
  if (document.batch?.each !== undefined) compileEach(compilation, document.batch.each, `${node.layout.name}/each`);
  compileLeave(compilation, node);
  assembler.emit(opcodes.end, mode, worker);
  assembler.mark(failed);
  compileLeave(compilation, node);
  assembler.emit(opcodes.endFailed, mode, worker);
  compilation.flush();
  const own = scaled === undefined ? 1 : node.threadStations;
  for (let i = 0; i < own; i++)
    workers[node.worker + i] = { queue: takes.queue, station: node.firstStation + i, meter, entry: entry.at };
}

/** Waits once for each message of the batch. */
function compileEach(compilation: Compilation, time: TimeDocument, stream: string): void {
  const again = compilation.assembler.label();
  compilation.assembler.emit(opcodes.batch, 0);
  compilation.assembler.mark(again);
  compilation.delay(time, stream);
  compilation.assembler.emit(opcodes.loop, 0, again);
}
