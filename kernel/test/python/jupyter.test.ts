import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installKernelSpec } from "@architech/kernel";
import { pythonWith } from "@architech/test-tools";

const conformance = fileURLToPath(new URL("../../../test/python/", import.meta.url));

describe("Jupyter's own tools and an installed kernelspec", function () {
  this.timeout(300_000);
  let prefix: string;
  before(async () => {
    prefix = mkdtempSync(join(tmpdir(), "architech-prefix-"));
    await installKernelSpec({ prefix });
  });
  after(() => rmSync(prefix, { recursive: true, force: true }));

  /** Runs Python where the kernelspec is found, and nothing that this user has installed. */
  const run = async (program: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> => {
    const env = {
      ...process.env,
      JUPYTER_PATH: join(prefix, "share", "jupyter"),
      JUPYTER_DATA_DIR: join(prefix, "data"),
    };
    return promisify(execFile)(program, args, { env, cwd: prefix, maxBuffer: 1 << 26 });
  };

  it("jupyter_kernel_test passes", async function () {
    const python = await pythonWith(this, "jupyter_kernel_test");
    const program = `
import json, sys, unittest
sys.path.insert(0, ${JSON.stringify(conformance)})
import test_kernel
result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromModule(test_kernel).run(result)
failed = [(test.id(), trace) for test, trace in result.failures + result.errors]
print(json.dumps({"run": result.testsRun, "failed": failed, "skipped": [[test.id(), why] for test, why in result.skipped]}))`;
    const { stdout } = await run(python, "-c", program);
    const result = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
      run: number;
      failed: [string, string][];
      skipped: [string, string][];
    };
    assert.equal(result.failed.map(([name, trace]) => `${name}\n${trace}`).join("\n"), "");
    assert.deepEqual(result.skipped, []);
    assert.ok(result.run >= 12, `${result.run} tests were run`);
  });

  it("jupyter kernelspec lists it", async function () {
    const python = await pythonWith(this, "jupyter_client");
    const { stdout } = await run(python, "-m", "jupyter_client.kernelspecapp", "list", "--json");
    const { kernelspecs } = JSON.parse(stdout) as {
      kernelspecs: Record<string, { resource_dir: string; spec: Record<string, unknown> }>;
    };
    const { resource_dir, spec } = kernelspecs["architech"] ?? assert.fail(Object.keys(kernelspecs).join());
    assert.equal(resource_dir, join(prefix, "share", "jupyter", "kernels", "architech"));
    assert.equal(spec["display_name"], "TypeScript (Architech)");
    assert.equal(spec["language"], "typescript");
    assert.equal(spec["interrupt_mode"], "message");
  });

  it("nbclient executes a notebook, and stops at a type error with its line", async function () {
    const python = await pythonWith(this, "nbclient", "nbformat");
    const cell = (source: string) => ({ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null });
    const shop = `import { cpu, exponential, model, service } from "architech";
const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });
const shop = model({ api }, { to: api, rate: "50rps", mix: { get: 1 } });`;
    const cells = [
      shop,
      `(await shop.run({ until: "1min", runs: 2 })).estimate("api.latency.mean").runs`,
      `cpu("5msec")`,
    ];
    const kernelspec = { name: "architech", display_name: "TypeScript (Architech)", language: "typescript" };
    const notebook = { cells: cells.map(cell), metadata: { kernelspec }, nbformat: 4, nbformat_minor: 4 };
    writeFileSync(join(prefix, "demo.ipynb"), JSON.stringify(notebook));
    const program = `
import json, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
notebook = nbformat.read("demo.ipynb", 4)
try:
    NotebookClient(notebook, timeout=120).execute()
    error = None
except CellExecutionError as raised:
    error = [raised.ename, raised.evalue]
print(json.dumps({"outputs": [cell.outputs for cell in notebook.cells], "error": error}))`;
    const { stdout } = await run(python, "-c", program);
    const { outputs, error } = JSON.parse(stdout) as {
      outputs: { output_type: string; data?: Record<string, string> }[][];
      error: [string, string] | null;
    };
    assert.equal(outputs[1]?.at(-1)?.data?.["text/plain"], "2", JSON.stringify(outputs[1]));
    assert.match(error?.[0] ?? "", /^TS\d+$/);
    assert.match(error?.[1] ?? "", /^1:5 /);
  });
});
