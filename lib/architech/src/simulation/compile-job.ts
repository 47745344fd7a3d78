import { opcodes } from "../engine/opcodes.js";
import type { JobDocument } from "../model/job-document.js";
import { parseDuration } from "../units/duration.js";
import type { Compilation } from "./compile.js";
import type { CompiledNode } from "./compiled-node.js";

/** Emits what starts a job: a loop that waits for the next time and starts its steps, at once or a little later. */
export function compileJob(compilation: Compilation, node: CompiledNode): void {
  const { assembler } = compilation;
  const { every, offset = "0ms", jitter = "0ms", keys } = node.document as JobDocument;
  const { entry, meter } = node.ops.get("steps")!;
  const start = assembler.label();
  const next = assembler.label();
  assembler.mark(start);
  compilation.starts.push({ pc: start.at, count: 1 });
  const first = parseDuration(offset);
  if (first > 0) compilation.pause(first);
  assembler.mark(next);
  if (keys !== undefined) {
    const { count, skew = 0 } = keys;
    assembler.emit(opcodes.tag, 0, compilation.site(`${node.layout.name}/key`, { kind: "zipf", count, skew }));
  }
  const latest = parseDuration(jitter);
  if (latest > 0) {
    const later = assembler.label();
    assembler.emit(opcodes.spawn, later, -1);
    compilation.pending.push(() => {
      const over = assembler.label();
      assembler.mark(later);
      const site = compilation.site(`${node.layout.name}/jitter`, { kind: "uniform", min: 0, max: latest });
      assembler.emit(opcodes.delay, site);
      assembler.emit(opcodes.call, entry, meter, over);
      assembler.mark(over);
      assembler.emit(opcodes.quit);
    });
  } else assembler.emit(opcodes.spawn, entry, meter);
  compilation.pause(parseDuration(every));
  assembler.emit(opcodes.jump, next);
  compilation.flush();
}
