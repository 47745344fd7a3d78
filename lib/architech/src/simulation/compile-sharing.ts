import type { RecordPlan } from "../engine/station-plan.js";
import type { Scheduling } from "../model/service-document.js";

const kinds = { ps: 0, priority: 1, srpt: 2 } as const satisfies Record<Exclude<Scheduling, "fifo">, number>;

/** What a core station keeps whose cores are shared: see `core/sharing.ts`. Undefined where each is held to the end. */
export function compileSharing(scheduling: Scheduling, busyCores: number): RecordPlan | undefined {
  if (scheduling === "fifo") return undefined;
  return { ints: [kinds[scheduling], 0, -1, 0, 0, busyCores, -1, 0, -1], doubles: [0, 0, 0] };
}
