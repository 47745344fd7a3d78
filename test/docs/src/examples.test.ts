import assert from "node:assert/strict";
import { needed, startPrometheus } from "@architech/test-tools";
import { type Example, examplesOf } from "./examples.js";
import { type Lab, startLab } from "./lab.js";
import { guides } from "./pages.js";
import { complaintsOf, Scripts } from "./scripts.js";

const examples = guides.flatMap(examplesOf);
const of = (...kinds: Example["kind"][]): Example[] => examples.filter(({ kind }) => kinds.includes(kind));
const placeOf = ({ page, parts }: Example): string => `${page}:${parts[0]?.line ?? 0}`;

/** Compares what the parts of an example printed with what the page shows, where it shows anything. */
function check({ parts, page }: Example, printed: readonly string[]): void {
  for (const [i, { output, line }] of parts.entries())
    if (output !== undefined) assert.equal(printed[i], output, `${page}:${line} prints something else`);
}

describe("examples", () => {
  let lab: Lab;
  let right: Scripts;
  let wrong: Scripts;
  before(async () => {
    for (const name of ["ARCHITECH_SERVER", "ARCHITECH_TOKEN"]) delete process.env[name];
    right = new Scripts("right", of("script", "server", "prometheus"));
    wrong = new Scripts("wrong", of("wrong"));
    lab = await startLab();
  });
  after(() => lab?.stop());

  it("the compiler has nothing against the scripts", () => {
    assert.equal(right.errors, "");
  });

  for (const example of of("script"))
    it(`${placeOf(example)} runs and prints what the page shows`, async () => {
      check(example, await right.run(example));
    });

  for (const example of of("server"))
    it(`${placeOf(example)} runs against a server and prints what the page shows`, async () => {
      Object.assign(process.env, { ARCHITECH_SERVER: lab.url, ARCHITECH_TOKEN: lab.token });
      try {
        check(example, await right.run(example));
      } finally {
        for (const name of ["ARCHITECH_SERVER", "ARCHITECH_TOKEN"]) delete process.env[name];
      }
    });

  for (const example of of("prometheus"))
    it(`${placeOf(example)} runs against Prometheus and prints what the page shows`, async function () {
      const database = await startPrometheus(needed(this, "prometheus"));
      process.env["PROMETHEUS_URL"] = database.url;
      try {
        check(example, await right.run(example));
      } finally {
        delete process.env["PROMETHEUS_URL"];
        await database.stop();
      }
    });

  for (const example of of("wrong"))
    it(`${placeOf(example)} is refused by the compiler for the reason that the page shows`, () => {
      const said = complaintsOf(wrong.errors, example);
      assert.notEqual(said, "");
      check(example, [said]);
    });

  for (const { path } of guides) {
    const cells = of("cell").filter(({ page }) => page === path);
    if (cells.length === 0) continue;
    it(`the cells of ${path} run one after another and show what the page shows`, async () => {
      const shown = await lab.run(cells.map(({ parts }) => parts.map(({ text }) => text).join("\n")));
      for (const [i, cell] of cells.entries()) check(cell, [shown[i] ?? ""]);
    });
  }
});
