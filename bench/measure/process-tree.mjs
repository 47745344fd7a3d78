import { readdirSync, readFileSync } from "node:fs";

const ticksASecond = 100;
const pageBytes = 4096;

/** CPU seconds used and bytes held by a process and its descendants; NaN where there is no /proc. */
export function processTree(pid) {
  if (process.platform !== "linux") return { cpu: NaN, bytes: NaN };
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const known = new Map(all.flatMap((name) => statusOf(Number(name))));
  const isInside = (id) => id === pid || (known.has(id) && isInside(known.get(id).parent));
  const inside = [...known].filter(([id]) => isInside(id));
  return {
    cpu: inside.reduce((sum, [, { cpu }]) => sum + cpu, 0),
    bytes: inside.reduce((sum, [id]) => sum + bytesOf(id), 0),
  };
}

function statusOf(id) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1).split(" ");
    const [parent, user, system, childUser, childSystem] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    const cpu = (user + system + childUser + childSystem) / ticksASecond;
    return [[id, { parent, cpu }]];
  } catch {
    return []; // it has ended meanwhile
  }
}

function bytesOf(id) {
  try {
    return residentBytes(id);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** A process's share of what it has in memory: pages that several processes map count in parts. */
export function residentBytes(id) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))[1]) * 1024;
  } catch {
    return Number(readFileSync(`/proc/${id}/statm`, "utf8").split(" ")[1]) * pageBytes;
  }
}
