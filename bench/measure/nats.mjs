// A server of NATS for a benchmark, on loopback; found as the tests find it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const usualPort = 42_871;

/** Starts one with its data below a folder; undefined when there is no program. */
export function startNats(folder, port = usualPort) {
  const python = process.env.ARCHITECH_TEST_PYTHON ?? process.env.ARCHITECH_BENCH_PYTHON;
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (python !== undefined) folders.push(dirname(python));
  const program =
    process.env.ARCHITECH_NATS_SERVER ??
    folders.map((place) => join(place, "nats-server")).find((path) => existsSync(path));
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
