// What a server of runs is made from: the service that does all in one process, and its pieces for one that does it in many.

export { SeriesThinner } from "./experiment/series-thinner.js";
export type { RunEnd, SimulationRequest } from "./experiment/stream-source.js";
export type { LogRow, TableShape } from "./experiment/stream-tables.js";
export { cacheKey, resultVersion } from "./run/cache-key.js";
export { Execution } from "./run/execution.js";
export { HostedPart, type PartSaying } from "./run/hosted-part.js";
export type { Job, JobSource } from "./run/job.js";
export { FirstPart, type FirstPartSaying, type PartsShared } from "./run/parts-elsewhere.js";
export { type MayPart, type Plan, type PlannedTask, partsOf, plannedTask, planRun } from "./run/plan.js";
export { type RetentionLimits, surplusRuns } from "./run/retention.js";
export { checkQueued, queuedRun, type RunHost, runExists, runNotFound, sharedRun } from "./run/run-host.js";
export { newRunId, type PoolWork, RunService, type RunServiceOptions } from "./run/run-service.js";
export type { RunWriter } from "./run/run-writer.js";
export { singly } from "./run/singly.js";
export type { TaskPool } from "./run/task-pool.js";
export type { TaskEnd } from "./run/task-rows.js";
export { localUser, nextOfUsers, type OfUser } from "./run/user-turns.js";
export { control, kib } from "./run/worker-messages.js";
export { type PoolOptions, WorkerPool } from "./run/worker-pool.js";
export { Cut } from "./simulation/cut.js";
export { type SimulateOptions, simulate } from "./simulation/simulate.js";
export type { Simulation, Task } from "./simulation/task.js";
