import { short } from "../bench/measure/text.mjs";
import { actsOfVisit } from "./acts.mjs";

/** Seconds between two acts of a person who works. */
const thinkSeconds = 5;

/** One line for a step, as soon as it is over. */
export function tellStep({
  rate,
  users,
  doneRate,
  ms,
  outcomes,
  polite,
  failedShare,
  processes,
  loadUtil,
  broken,
  title,
}) {
  const failed = Object.entries(outcomes).map(([name, count]) => `${count} × ${name}`);
  const busy = Object.entries(processes).map(([name, { util }]) => `${name} ${(100 * util).toFixed(0)}`);
  const asked =
    users === undefined
      ? `${short(rate)} acts a second (${short(rate * thinkSeconds)} users)`
      : `${users} at once, without a pause`;
  console.log(
    [
      `${title === undefined ? "" : `${title}, `}${asked}: ${short(doneRate)} done a second`,
      `ms p50 ${ms.p50?.toFixed(1)}, p95 ${ms.p95?.toFixed(0)}, p99 ${ms.p99?.toFixed(0)}`,
      failed.length === 0
        ? "none failed"
        : `${(100 * failedShare).toFixed(1)} % failed (${failed.join(", ")}; ${polite} told when to ask again)`,
      `% of a processor: ${busy.join(", ")}, the load itself ${(100 * loadUtil).toFixed(0)}`,
      broken === undefined ? "healthy" : `BROKEN: ${broken}`,
    ].join("; "),
  );
}

/** What each act costs each process, from the step that was the busiest healthy one. */
export function tellCosts({ rate, processes, kinds }) {
  console.log(`at ${short(rate)} acts a second, ms of a processor for an act (${actsOfVisit} to a visit), and MB:`);
  for (const [name, { cpuMsPerAct, bytes }] of Object.entries(processes))
    console.log(
      `  ${name.padEnd(12)} ${cpuMsPerAct.toFixed(2).padStart(6)} ms  ${(bytes / 1e6).toFixed(0).padStart(4)} MB`,
    );
  for (const [kind, { p50, p99 }] of Object.entries(kinds))
    console.log(`  ${kind.padEnd(12)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(0)} ms`);
}

export function tellNotebooks({ notebooks, firstMs, cellsASecond, ms, cpuMsPerCell, bytesEach }) {
  console.log(
    `${notebooks} ${notebooks === 1 ? "notebook" : "notebooks"}: first cell after ${(firstMs / 1000).toFixed(1)} s, then ${short(cellsASecond)} cells a second, ` +
      `ms p50 ${ms.p50.toFixed(0)}, p95 ${ms.p95.toFixed(0)}, p99 ${ms.p99.toFixed(0)}; ` +
      `each ${cpuMsPerCell.toFixed(0)} ms of a processor; ${(bytesEach / 1e6).toFixed(0)} MB a notebook`,
  );
}

export function tellWorkers({ workers, tasks, seconds, firstMs }) {
  console.log(
    `${workers} ${workers === 1 ? "worker" : "workers"}: ${tasks} tasks in ${seconds.toFixed(2)} s, ${short(tasks / seconds)} a second, first row after ${firstMs.toFixed(0)} ms`,
  );
}
