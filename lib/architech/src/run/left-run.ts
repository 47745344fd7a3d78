import { type Begun, begunOf } from "./begun.js";
import type { BegunTasks } from "./begun-tasks.js";
import { cacheKey } from "./cache-key.js";
import { type Plan, planRun } from "./plan.js";
import { thisProcess } from "./process-mark.js";
import type { RunLog } from "./run-log.js";
import type { RunRecord, RunStore } from "./run-store.js";

/** A run that can be worked on. */
export interface OpenRun {
  readonly record: RunRecord;
  readonly plan: Plan;
  readonly log: RunLog;
  /** What another process has left of it, in the log. */
  readonly begun?: Begun;
  /** Where its tasks are kept on the way, with those that another process has left. */
  readonly tasks: BegunTasks;
}

/** How often a run is gone on with that comes no further: it may be what ends the processes. */
const mostResumed = 3;

/**
 * Takes up a run whose process has ended before it. Tasks that are over stay; others go on from where they were kept, or
 * are begun anew, and give the same bytes. Throws the reason why nobody can go on with it. `ready` prepares for what its
 * plan needs; `checkpointMs`: how often its tasks are kept from now on.
 */
export async function takeUp(
  left: RunRecord,
  store: RunStore,
  { checkpointMs, ready }: { readonly checkpointMs: number; readonly ready: (plan: Plan) => Promise<void> },
): Promise<OpenRun> {
  const { info, key } = left;
  const request = await store.request(info.id).catch((cause: unknown) => {
    throw new Error("what was asked of it was not written whole", { cause });
  });
  const plan = await planRun(request);
  if (plan.here) throw new Error("functions that were in it had a say in the run");
  if (key !== cacheKey(plan)) throw new Error("this version gives other results, or writes them as other bytes");
  await ready(plan);
  const log = await store.reopen(info.id);
  try {
    const begun = await begunOf(log, plan);
    const tasks = await store.leftTasks(info.id, checkpointMs);
    const reached = { tasks: begun.values.length, kept: tasks.newest };
    const before = left.resumed;
    const isFurther = before === undefined || reached.tasks > before.tasks || reached.kept > before.kept;
    const times = isFurther ? 1 : before.times + 1;
    if (times > mostResumed) throw new Error(`the ${mostResumed} after it have come no further`);
    await log.goOn(begun.frames);
    const record: RunRecord = {
      ...left,
      info: { ...info, state: "queued" },
      ...thisProcess,
      resumed: { times, ...reached },
    };
    await store.save(record);
    return { record, plan, log, begun, tasks };
  } catch (error) {
    await log.close();
    throw error;
  }
}
