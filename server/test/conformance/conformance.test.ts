import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { installKernelSpec } from "@architech/kernel";
import { pythonWith } from "@architech/test-tools";
import { freshFolder } from "../folders.js";
import { type Serving, serve } from "../serving.js";
import { type Dialect, kernelConformance } from "./kernel-conformance.js";

const typescript: Dialect = {
  kernel: "architech",
  print: `console.log("hello");`,
  result: "6 * 7",
  forever: `console.log("on"); while (true) {}`,
  fails: `throw new Error("on purpose");`,
  input: `console.log(await input("name?"));`,
  echo: `comms.on("echo", (comm) => comm.onMessage((data, buffers) => comm.send(data, buffers)));`,
  set: `globalThis.state = "kept";`.replace("globalThis.state", "(globalThis as any).state"),
  get: `console.log((globalThis as any).state ?? "gone");`,
};

const python: Dialect = {
  kernel: "python3",
  print: `print("hello")`,
  result: "6 * 7",
  forever: `import time\nprint("on")\nwhile True: time.sleep(0.05)`,
  fails: `raise Exception("on purpose")`,
  input: `print(input("name?"))`,
  echo: `def target(comm, _open):
    @comm.on_msg
    def echo(message):
        comm.send(message["content"]["data"], buffers=message["buffers"])
get_ipython().kernel.comm_manager.register_target("echo", target)`,
  set: `state = "kept"`,
  get: `print(globals().get("state", "gone"))`,
};

describe("the lab's client drives our kernel", () => {
  let serving: Serving;
  before(async () => {
    const prefix = await freshFolder();
    await installKernelSpec({ prefix });
    serving = await serve({ kernelspecFolders: () => [join(prefix, "share", "jupyter")] });
  });
  after(() => serving.server.close());

  describe("over the default subprotocol", () => kernelConformance(typescript, () => serving, "default"));
  describe("over v1.kernel.websocket.jupyter.org", () => kernelConformance(typescript, () => serving, "v1"));

  it("the kernelspec and its logo are served, and it is the default", async () => {
    const specs = await serving.json<{
      default: string;
      kernelspecs: Record<string, { resources: Record<string, string> }>;
    }>("GET", "api/kernelspecs");
    assert.equal(specs.default, "architech");
    const logos = Object.values(specs.kernelspecs["architech"]!.resources);
    assert.ok(logos.length > 0);
    assert.equal((await serving.request("GET", logos[0]!)).status, 200);
    assert.equal((await serving.request("GET", "kernelspecs/architech/..%2f..%2fetc%2fpasswd")).status, 404);
  });
});

describe("the lab's client drives ipykernel", () => {
  let serving: Serving;
  before(async function () {
    const program = await pythonWith(this, "ipykernel");
    const { stdout } = await promisify(execFile)(program, ["-c", "import sys; print(sys.prefix)"]);
    const prefix = stdout.trim();
    serving = await serve({ kernelspecFolders: () => [join(prefix, "share", "jupyter")] });
  });
  after(() => serving?.server.close());

  describe("over the default subprotocol", () => kernelConformance(python, () => serving, "default"));
  describe("over v1.kernel.websocket.jupyter.org", () => kernelConformance(python, () => serving, "v1"));
});
