import { ArchitechError } from "@architech/protocol";
import type { LogInfo } from "./bus.js";

/** Why a frame cannot be appended to a log that is so. */
export function frameConflict(log: string, seq: number, { frames, ended }: LogInfo): ArchitechError {
  if (seq < frames) return conflict(`frame ${seq} of log ${log} is there already, with other bytes`);
  if (ended) return conflict(`log ${log} has ended with ${frames} frames: frame ${seq} comes too late`);
  return conflict(`log ${log} has ${frames} frames: frame ${frames} is next, not ${seq}`);
}

/** Why a log that is so cannot be ended after so many frames. */
export function endConflict(log: string, wanted: number, { frames, ended }: LogInfo): ArchitechError {
  if (frames !== wanted) return conflict(`log ${log} has ${frames} frames and cannot end after ${wanted}`);
  return conflict(ended ? `log ${log} has ended already, with another summary` : `log ${log} cannot be ended`);
}

function conflict(message: string): ArchitechError {
  return new ArchitechError("log-conflict", message);
}
