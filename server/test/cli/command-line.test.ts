import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { freshFolder } from "../folders.js";
import { architech, type Done, going } from "./command-line.js";

describe("architech on the command line", function () {
  this.timeout(120_000);
  let folder: string;
  let data: string;
  before(async () => {
    folder = await freshFolder();
    data = await freshFolder();
  });
  const serve = (...more: string[]) => architech(["serve", "--root", folder, "--data", data, "--port", "0", ...more]);

  /** One line on standard error, nothing else, and this exit code. */
  function says({ code, out, err }: Done, expected: number, line: RegExp): void {
    assert.match(err, line);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
    assert.deepEqual([code, out], [expected, ""]);
  }

  it("--help, and help of every command, with the commands' exit codes", async () => {
    const { code, out } = await architech(["--help"]);
    assert.equal(code, 0);
    for (const word of ["lab", "serve", "run", "kernel", "Exit codes"]) assert.ok(out.includes(word), word);
    const options: Record<string, string[]> = {
      lab: ["--no-browser", "--port", "--json", "ARCHITECH_MONGO_URL"],
      serve: ["--root", "--data", "--token", "--json"],
      run: ["--seed", "--server", "--json", "Exit codes"],
      kernel: ["install", "--prefix", "--user", "--json"],
    };
    for (const [command, words] of Object.entries(options)) {
      const help = await architech([command, "--help"]);
      assert.deepEqual([help.code, help.err], [0, ""], command);
      for (const word of words) assert.ok(help.out.includes(word), `${command}: ${word}`);
    }
  });

  it("wrong usage is one line and exit code 2", async () => {
    says(await architech(["nonsense"]), 2, /no command "nonsense": there are lab, serve, worker, run, kernel/);
    says(await architech(["serve", "--colour"]), 2, /Unknown option '--colour' \(architech serve --help tells/);
    says(await architech(["serve", "extra"]), 2, /does not know what to do with "extra"/);
    says(await architech(["lab", "--port", "http"]), 2, /--port http: a number from 0 to 65535/);
    says(await architech(["kernel"]), 2, /install, uninstall/);
    says(await architech(["kernel", "install", "--user", "--system"]), 2, /exclude each other/);
    says(await architech(["run", folder]), 2, /no file/);
    says(await architech(["serve", "--role", "cook"]), 2, /no role "cook": all, gateway, documents, kernels or runs/);
    says(await architech(["serve", "--role", "gateway,runs"]), 2, /the role gateway stands alone/);
    says(await architech(["serve", "--role", "runs"]), 2, /--role runs needs the bus of its cluster: --bus nats:/);
    says(await architech(["serve", "--role", "runs", "--bus", "nats://x"]), 2, /needs the token of its cluster/);
    says(await architech(["serve", "--grace", "soon"]), 2, /--grace soon: a whole number from 0 to 3600/);
    says(await architech(["lab", "--keep-runs", "0"]), 2, /--keep-runs 0: a whole number from 1 to 1000000/);
    says(await architech(["serve", "--advertise", "here"]), 2, /--advertise here: an address is expected/);
    assert.equal((await architech([])).code, 2);
  });

  it("a port that is taken is one line that says what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    says(await serve("--port", String(port)), 69, new RegExp(`port ${port} is taken: choose another with --port`));
    other.close();
  });

  it("a data folder that cannot be written is one line that says what to do", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const line = /the data folder .* cannot be written \(\w+\): name another with --data or ARCHITECH_DATA/;
    says(await serve("--data", file), 69, line);
    says(await serve("--data", join(file, "below")), 69, line);
    // Where even the superuser can make nothing.
    if (existsSync("/proc/self")) says(await serve("--data", "/proc/nowhere/at-all"), 69, line);
  });

  it("a root that is not there, or is a file, is one line that says what to do", async () => {
    says(await serve("--root", join(folder, "gone")), 69, /no folder .*gone: make it, or name another with --root/);
    await writeFile(join(folder, "file"), "");
    says(await serve("--root", join(folder, "file")), 69, /no folder .*file/);
  });

  it("an address that others reach needs to be wanted, and must be this machine's", async () => {
    says(await serve("--ip", "0.0.0.0"), 69, /reached from other machines: add --allow-remote/);
    says(await serve("--ip", "203.0.113.9", "--allow-remote"), 69, /this machine has no address 203\.0\.113\.9/);
  });

  it("a MongoDB that is not there, or a URL that is none, is one line without the password", async () => {
    for (const url of ["mongodb://me:secret@127.0.0.1:1/x?serverSelectionTimeoutMS=100", "secret"]) {
      const done = await architech(["serve", "--data", data, "--port", "0"], { env: { ARCHITECH_MONGO_URL: url } });
      says(done, 69, /no MongoDB at \S+: start it, or unset ARCHITECH_MONGO_URL/);
      if (url !== "secret") assert.ok(!done.err.includes("secret"), done.err);
    }
  });

  it("a Node that is too old is one line that says what to do", async () => {
    const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } })`;
    const done = await architech(["--help"], {
      node: ["--import", `data:text/javascript,${encodeURIComponent(older)}`],
    });
    says(done, 69, /needs Node 20\.19 or newer, this is 18\.20\.0/);
  });

  it("serve says where it is as JSON, listens on loopback only, and ends when told", async () => {
    const server = await going(["serve", "--root", folder, "--data", data, "--port", "0"]);
    const { url, token, port, pid, root } = server.first as Record<string, string>;
    assert.match(url ?? "", /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.match(token ?? "", /^[0-9a-f]{48}$/);
    assert.equal(root, folder);
    if (process.platform === "linux") assert.deepEqual(await listening(String(pid)), [`127.0.0.1:${port}`]);
    const specs = await fetch(`${url}api/kernelspecs`, { headers: { authorization: `token ${token}` } });
    assert.equal(((await specs.json()) as { default: string }).default, "architech");
    assert.equal(await server.end(), 0);
  });

  it("kernel install puts the kernelspec into an environment or for this user, and uninstall takes it out", async () => {
    const prefix = await freshFolder();
    const home = await freshFolder();
    const places: [string[], string][] = [
      [["--prefix", prefix], join(prefix, "share", "jupyter", "kernels", "architech")],
      [["--user"], join(home, "kernels", "architech")],
      [["--user", "--name", "mine"], join(home, "kernels", "mine")],
    ];
    const surroundings = { env: { JUPYTER_DATA_DIR: home } };
    for (const [flags, place] of places) {
      const { code, out } = await architech(["kernel", "install", ...flags, "--json"], surroundings);
      assert.deepEqual([code, JSON.parse(out)], [0, { folder: place }]);
      const spec = JSON.parse(await readFile(join(place, "kernel.json"), "utf8")) as { argv: string[] };
      assert.equal(spec.argv.at(-1), "{connection_file}");
      assert.ok((await readdir(place)).some((name) => name.startsWith("logo-")));
      assert.equal((await architech(["kernel", "uninstall", ...flags], surroundings)).code, 0);
      assert.ok(!existsSync(place));
    }
    const file = join(folder, "prefix");
    await writeFile(file, "");
    says(await architech(["kernel", "install", "--prefix", file]), 69, /cannot be written \(\w+\): name another place/);
    says(await architech(["kernel", "install", "--name", "../x"]), 69, /kernel name "\.\.\/x" may hold letters/);
  });

  it("lab says where its page is, and opens a document when asked", async () => {
    await mkdir(join(folder, "what if"), { recursive: true });
    const lab = await going([
      "lab",
      "what if/a.ipynb",
      "--root",
      folder,
      "--data",
      data,
      "--port",
      "0",
      "--no-demos",
    ]).catch((error: Error) => {
      // The server's own tests need no lab; the browser's do.
      assert.match(error.message, /the lab has not been built: run npm run build/);
      return undefined;
    });
    if (lab === undefined) return;
    assert.match(String(lab.first["url"]), /\/lab\/tree\/what%20if\/a\.ipynb\?token=[0-9a-f]{48}$/);
    assert.equal(await lab.end("SIGINT"), 0);
  });
});

/** Addresses that a process listens on, as the kernel of Linux tells them. */
async function listening(pid: string): Promise<string[]> {
  const inodes = new Set<string>();
  const { readlink } = await import("node:fs/promises");
  for (const handle of await readdir(`/proc/${pid}/fd`)) {
    const socket = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${handle}`).catch(() => ""))?.[1];
    if (socket !== undefined) inodes.add(socket);
  }
  const found: string[] = [];
  for (const table of ["tcp", "tcp6"]) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, "utf8")).trim().split("\n").slice(1);
    for (const line of lines) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state === "0A" && inodes.has(inode)) found.push(addressOf(local));
    }
  }
  return found;
}

/** "0100007F:22B8" is 127.0.0.1:8888. */
function addressOf(local: string): string {
  const [ip = "", port = ""] = local.split(":");
  const bytes = ip.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  return `${bytes.reverse().join(".")}:${Number.parseInt(port, 16)}`;
}
