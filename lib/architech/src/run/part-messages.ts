import type { MessagePort } from "node:worker_threads";
import type { PartCheckpoint, PartState } from "../parts/part-state.js";
import type { ScalingAct } from "../parts/parts.js";
import type { Cut } from "../simulation/cut.js";
import type { Task } from "../simulation/task.js";
import type { WindowPort } from "./port-exchange.js";
import type { SharedWindows } from "./shared-exchange.js";

/** What a thread is told: it has a part of a model from now on, until its exchange is closed. */
export interface PartGiven {
  readonly task: Task;
  readonly part: number;
  readonly cut: Pick<Cut, "parts" | "of" | "latencies">;
  /** How its windows come to the others: by memory, or by a thread that passes them on. */
  readonly windows: ({ readonly type: "shared" } & SharedWindows) | ({ readonly type: "port" } & WindowPort);
  /** Counts what is said on the ports: [0] by the one who began, [1] by all others. */
  readonly said: Int32Array<SharedArrayBuffer>;
  /** Where it goes on from. */
  readonly from?: PartCheckpoint | undefined;
  readonly port: MessagePort;
}

/** What it is asked for then. */
export type PartCommand =
  /** To go from window to window until the limit that part 0 says has come. */
  | { readonly type: "run" }
  | { readonly type: "act"; readonly act: ScalingAct }
  /** To say what it has counted. */
  | { readonly type: "state" }
  /** To say how far it is. */
  | { readonly type: "save" };

/** What it says. */
export type PartAnswer =
  | { readonly type: "state"; readonly state: PartState; readonly observed: readonly number[] }
  | { readonly type: "saved"; readonly saved: PartCheckpoint }
  | { readonly type: "failed"; readonly message: string };
