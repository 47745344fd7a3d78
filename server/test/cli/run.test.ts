import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { architech, type Done } from "./command-line.js";

const shop = `import { cpu, exponential, model, service } from "architech";
const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });
export const shop = model({ api }, { to: api, rate: "100rps", mix: { get: 1 } });
`;

describe("architech run", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    // Outside of any package, so that "architech" must be found from the command's own place.
    folder = await mkdtemp(join(tmpdir(), "architech-test-"));
    await writeFile(join(folder, "shop.ts"), shop);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(script: string | undefined, ...flags: string[]): Promise<Done> {
    const file = join(folder, "script.ts");
    if (script !== undefined) await writeFile(file, script);
    return architech(["run", ...(script === undefined ? [] : [file]), ...flags], { cwd: folder });
  }

  it("prints the estimates of what a script awaits and exports, and lets its own output through", async () => {
    const { code, out, err } = await run(`import { sweep } from "architech";
import { shop } from "./shop.js";
console.log("own output");
export const calm = await shop.run({ until: "2min", runs: 3 });
export const load = sweep(shop, { rps: [50, 100] }, ({ rps }) => ({ traffic: { rate: \`\${rps}rps\` } }), { until: "1min", runs: 2 });
`);
    assert.equal(code, 0, err);
    assert.match(out, /^own output\n/);
    assert.match(out, /\ncalm \(run\)\n/);
    assert.match(out, /api\.latency\.mean +[\d.]+ +ms +[\d.]+ to [\d.]+/);
    assert.match(out, /\nload \(sweep\)\n/);
    assert.equal(err, "", "no bar where standard error is no terminal");
  });

  it("prints a line of JSON for each result with --json, with the seed that was asked for", async () => {
    const { code, out } = await run(
      `import { shop } from "./shop.js";\nawait shop.run({ until: "1min", runs: 2 });\n`,
      "--json",
      "--seed",
      "42",
      "--workers",
      "1",
    );
    assert.equal(code, 0);
    const { name, kind, seed, runs, estimates } = JSON.parse(out) as {
      name: null;
      kind: string;
      seed: number;
      runs: number;
      estimates: Record<string, { mean: number }>;
    };
    assert.deepEqual([name, kind, seed, runs], [null, "run", 42, 2]);
    assert.ok((estimates["api.latency.mean"]?.mean ?? 0) > 10);
  });

  it("a type error is printed with its place, nothing is run, and the exit code is 3", async () => {
    const { code, out, err } = await run(`import { cpu } from "architech";\nconsole.log("ran");\ncpu("5msec");\n`);
    assert.equal(code, 3);
    assert.equal(out, "");
    assert.match(err, /script\.ts\(3,5\): error TS\d+: /);
  });

  it("an error of the script is printed with its line in TypeScript, and the exit code is 1", async () => {
    const { code, err } = await run(
      `interface Long {\n  name: string;\n}\nconst thing = { name: "x" } as Long;\nthrow new Error(thing.name);\n`,
    );
    assert.equal(code, 1);
    assert.match(err, /Error: x\n +at .*script\.ts:5:7/);
  });

  it("a run that fails is one line with its code, after what was there before", async () => {
    const { code, out, err } = await run(
      `import { shop } from "./shop.js";\nawait shop.run({ until: "1min", runs: 2 });\nawait shop.run({ until: "1s", warmup: "2s" });\n`,
    );
    assert.equal(code, 1);
    assert.match(out, /api\.util/);
    assert.equal(err, "architech: warmup 2s leaves nothing of until 1s (bad-run-request)\n");
  });

  it("wrong usage has the exit code 2 and says what is right", async () => {
    for (const [flags, says] of [
      [[], /takes one script/],
      [["none.ts"], /no file .*none\.ts/],
      [["--seed", "x"], /--seed takes a whole number|takes one script/],
      [["--colour"], /--help/],
    ] as const) {
      const { code, err } = await run(undefined, ...flags);
      assert.equal(code, 2);
      assert.match(err, says);
    }
  });

  it("--help tells the options and the exit codes", async () => {
    const { code, out } = await run(undefined, "--help");
    assert.equal(code, 0);
    for (const word of ["--seed", "--server", "--json", "Exit codes"]) assert.ok(out.includes(word));
  });
});
