// A server of NATS for a benchmark, on loopback; found as the tests find it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { findProgram } from "@architech/test-tools";

const usualPort = 42_871;

/** Starts one with its data below a folder; undefined when there is no program. */
export function startNats(folder, port = usualPort) {
  const python = process.env.ARCHITECH_TEST_PYTHON ?? process.env.ARCHITECH_BENCH_PYTHON;
  const beside = python === undefined ? [] : [dirname(python)];
  const program = process.env.ARCHITECH_NATS_SERVER ?? findProgram("nats-server", ...beside);
  if (program === undefined) return undefined;
  const child = spawn(program, ["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", join(folder, "nats")], {
    stdio: "ignore",
  });
  return {
    url: `nats://127.0.0.1:${port}`,
    pid: child.pid,
    async end() {
      child.kill();
      await once(child, "exit");
    },
  };
}
