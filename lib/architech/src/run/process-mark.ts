import { readFileSync } from "node:fs";

/** A process, and what tells it from a later one that has its number. */
export interface ProcessMark {
  readonly pid: number;
  /** The start of the system and of the process; absent where the system does not tell. */
  readonly birth?: string;
}

/** This process. */
export const thisProcess: ProcessMark = marked(process.pid);

/** Whether it still lives. One whose birth nobody knows is taken for whatever has its number now. */
export function isAlive({ pid, birth }: ProcessMark): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = birthOf(pid);
  return birth === undefined || now === undefined || birth === now;
}

function marked(pid: number): ProcessMark {
  const birth = birthOf(pid);
  return birth === undefined ? { pid } : { pid, birth };
}

/** Linux tells it: the identity of the boot, and the ticks from there to the start of the process (proc(5): field 22 of `stat`). */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses, may hold any characters, and is the second field.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}
