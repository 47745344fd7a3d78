import type { Label } from "../engine/assembler.js";
import { cacheStride, evicts } from "../engine/cache-plan.js";
import { uniform } from "../engine/distribution.js";
import { opcodes } from "../engine/opcodes.js";
import type { CacheDocument, KeyedCacheDocument } from "../model/cache-document.js";
import { keysOf } from "../model/flows.js";
import type { StepDocument } from "../model/step-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import { emitCall } from "./compile-hops.js";
import type { CompiledNode } from "./compiled-node.js";
import { type CompileSteps, ownScope, type Scope } from "./scope.js";

type Call = Extract<StepDocument, { do: "call" }>;

/** What is done to a key: see `keep` in core/keyed-cache.ts. */
const acts = { loaded: 0, put: 1, putDirty: 2, written: 3, let: 4, warm: 5 } as const;

/** Places of a cache among those that know their keys, and its counter of hits. */
export interface PlannedCache {
  readonly cache: number;
  readonly hits: number;
}

/** Gives a cache its counters, and its place if it knows its keys; -1 if it does not. */
export function planCache(compilation: Compilation, name: string, document: CacheDocument): PlannedCache {
  const hits = compilation.counters;
  compilation.counters += "entries" in document ? 4 : 2;
  if (!("entries" in document)) return { cache: -1, hits };
  const { evict = "lru", ttl, ttlJitter: jitter = 0, softTtl, singleFlight = false } = document;
  const cache = compilation.caches.push({
    evicts: evicts[evict],
    entries: roomOf(compilation, document),
    counter: hits,
    jitterSite: jitter > 0 ? compilation.site(`${name}/ttl`, uniform) : -1,
    victimSite: evict === "random" ? compilation.site(`${name}/evict`, uniform) : -1,
    singleFlight,
    life: ttl === undefined ? Number.POSITIVE_INFINITY : parseDuration(ttl),
    fresh: softTtl === undefined ? Number.POSITIVE_INFINITY : parseDuration(softTtl),
    jitter,
  });
  return { cache: cache - 1, hits };
}

/** More entries than there are keys need no room. */
function roomOf({ document }: Compilation, { entries }: KeyedCacheDocument): number {
  const keys = Math.max(0, ...keysOf(document).map(({ count }) => count));
  return Math.max(1, Math.min(entries, keys));
}

/** Emits what fills caches that begin warm, at time zero and before anybody asks. */
export function compileWarmUps(compilation: Compilation): void {
  const { assembler } = compilation;
  for (const { document, cache } of compilation.nodes.values()) {
    if (document.kind !== "cache" || !("entries" in document) || document.warm !== true) continue;
    const start = assembler.label();
    assembler.mark(start);
    assembler.emit(opcodes.keep, cache * cacheStride, acts.warm, roomOf(compilation, document));
    assembler.emit(opcodes.quit);
    compilation.starts.push({ pc: start.at, count: 1 });
  }
}

/** Emits a call of a cache that knows its keys, up to where the value is had or put. */
export function compileCacheCall(
  compilation: Compilation,
  step: Call,
  node: CompiledNode,
  scope: Scope,
  compileSteps: CompileSteps,
): void {
  const document = node.document as KeyedCacheDocument;
  if (step.op === "get") compileGet(compilation, step, node, document, scope, compileSteps);
  else compilePut(compilation, node, document, scope);
}

function compileGet(
  compilation: Compilation,
  step: Call,
  node: CompiledNode,
  { singleFlight, softTtl, fronts }: KeyedCacheDocument,
  scope: Scope,
  compileSteps: CompileSteps,
): void {
  const { assembler } = compilation;
  const place = node.cache * cacheStride;
  const read: readonly StepDocument[] = fronts === undefined ? [] : [{ do: "call", to: fronts, op: "read" }];
  const miss = step.miss ?? read;
  const had = assembler.label();
  const load: Label | 0 = singleFlight === true || softTtl !== undefined ? assembler.label() : 0;
  emitCall(compilation, node.layout.name, node.ops.get("get")!, scope);
  assembler.emit(opcodes.find, place, load, had, scope.failed);
  if (singleFlight !== true) {
    compileSteps(compilation, miss, { ...scope, path: `${scope.path}/miss` });
    assembler.emit(opcodes.keep, place, acts.loaded, 0);
  }
  assembler.mark(had);
  if (load === 0) return;
  const path = `${scope.path}/${singleFlight === true ? "miss" : "refresh"}`;
  compilation.pending.push(() => {
    const failed = assembler.label();
    assembler.mark(load);
    compileSteps(compilation, miss, { ...ownScope(scope.node, path, failed), alone: true });
    assembler.emit(opcodes.settle, place, 0);
    assembler.emit(opcodes.quit);
    assembler.mark(failed);
    assembler.emit(opcodes.settle, place, 1);
    assembler.emit(opcodes.quit);
  });
}

function compilePut(
  compilation: Compilation,
  node: CompiledNode,
  { write, writeAfter = "0ms", fronts }: KeyedCacheDocument,
  scope: Scope,
): void {
  const { assembler } = compilation;
  const place = node.cache * cacheStride;
  const store = fronts === undefined ? undefined : compilation.nodes.get(fronts)!.ops.get("write")!;
  if (store !== undefined && (write === "around" || write === "through")) emitCall(compilation, fronts!, store, scope);
  emitCall(compilation, node.layout.name, node.ops.get("put")!, { ...scope, path: `${scope.path}/put` });
  if (write !== "behind") {
    assembler.emit(opcodes.keep, place, write === "around" ? acts.let : acts.put, 0);
    return;
  }
  const flush = assembler.label();
  assembler.emit(opcodes.keep, place, acts.putDirty, flush);
  compilation.pending.push(() => {
    const over = assembler.label();
    assembler.mark(flush);
    compilation.pause(parseDuration(writeAfter));
    assembler.emit(opcodes.keep, place, acts.written, 0);
    emitCall(compilation, fronts!, store!, { ...scope, path: `${scope.path}/behind`, failed: over });
    assembler.mark(over);
    assembler.emit(opcodes.quit);
  });
}
