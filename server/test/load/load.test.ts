import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findNatsServer, missing } from "@architech/test-tools";
import { freshFolder } from "../folders.js";

const program = fileURLToPath(new URL("../../../../load/load.mjs", import.meta.url));

interface Step {
  readonly acts: number;
  readonly outcomes: Record<string, number>;
  readonly kinds: Record<string, { readonly count: number; readonly p50: number }>;
  readonly processes: Record<string, { readonly cpuMsPerAct: number }>;
}

describe("the load test", () => {
  let nats: string;
  before(function () {
    const found = findNatsServer();
    if (typeof found !== "string") missing(this, found.missing);
    nats = found;
  });

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ARCHITECH_NATS_SERVER: nats },
      stdio: ["ignore", "pipe", "inherit"],
    });

  it("lets a handful of users work on a real cluster, writes what it measured, and leaves nothing behind", async () => {
    const file = join(await freshFolder(), "load.json");
    const child = start("--only=users", "--first=12", "--most=12", "--seconds=1", `--json=${file}`);
    const pids = await started(child);
    await once(child, "close");
    const { steps } = JSON.parse(await readFile(file, "utf8")) as { steps: Step[] };
    const { acts, outcomes, kinds, processes } = steps[0]!;
    assert.deepEqual(outcomes, {}, "nothing failed");
    assert.ok(acts > 0 && Object.values(kinds).every(({ p50 }) => p50 > 0));
    assert.deepEqual(Object.keys(processes).sort(), ["documents", "gateway", "kernels", "nats", "runs", "worker"]);
    assert.ok(Object.values(processes).some(({ cpuMsPerAct }) => cpuMsPerAct > 0));
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it("ends everything on Ctrl-C", async () => {
    const child = start("--only=users", "--first=12", "--seconds=30");
    const pids = await started(child);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 130);
    assert.deepEqual(pids.filter(isAlive), []);
  });
});

/** The processes of the cluster, as soon as they are there. */
async function started(child: ChildProcess): Promise<number[]> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, list] = /^cluster: (.*)$/.exec(line) ?? [];
    if (list !== undefined) {
      child.stdout!.resume();
      return list.split(", ").map((one) => Number(one.split(" ").at(-1)));
    }
  }
  throw new Error("the load test ended before its cluster was there");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
