import assert from "node:assert/strict";
import { ArchitechError, isRunId, parseRunRequest } from "@architech/protocol";
import fc from "fast-check";

const good = {
  version: 1,
  kind: "sweep",
  model: { architech: 1 },
  points: [
    { key: { rps: 1, name: "a" }, change: {} },
    { key: { rps: 2, name: "b" }, change: { api: { threads: 2 } } },
  ],
  options: { until: "1min", warmup: "auto", runs: 2, seed: 3, confidence: 0.95 },
};

/** The request with one value replaced, at a path. */
function but(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(good) as Record<string | number, unknown>;
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>;
  at[path.at(-1) ?? ""] = value;
  return copy;
}

describe("parseRunRequest()", () => {
  it("takes a good request as it is", () => assert.deepEqual(parseRunRequest(good), good));

  it("fills in what may be left out", () => {
    const { options } = parseRunRequest({ ...good, options: { until: "1min" } });
    assert.deepEqual(options, { until: "1min", warmup: "auto", runs: 1, seed: 1, confidence: 0.95 });
  });

  const wrong: [string, readonly (string | number)[], unknown][] = [
    ["another version", ["version"], 2],
    ["an unknown kind", ["kind"], "optimise"],
    ["a path as an id", ["id"], "../../etc/passwd"],
    ["no points", ["points"], []],
    ["a key that holds an object", ["points", 0, "key"], { rps: {} }],
    ["a key of another point's names", ["points", 1, "key"], { rpm: 2 }],
    ["a key named as a column of the results", ["points", 0, "key"], { replication: 1 }],
    ["a key with a dot", ["points", 0, "key"], { "api.util": 1 }],
    ["a bare number as a duration", ["options", "until"], 5],
    ["zero replications", ["options", "runs"], 0],
    ["half a replication", ["options", "runs"], 1.5],
    ["too many tasks", ["options", "runs"], 1e9],
    ["a negative seed", ["options", "seed"], -1],
    ["a confidence that is not tabulated", ["options", "confidence"], 95],
    ["a half-width without its metric", ["options", "halfWidth"], "2%"],
    ["an unknown bound", ["options", "bounds"], { maxMoney: 1 }],
    ["a bound of nothing", ["options", "bounds"], { maxEvents: 0 }],
    ["no options", ["options"], null],
  ];
  for (const [what, path, value] of wrong)
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parseRunRequest(but(path, value)),
        (error) => error instanceof ArchitechError && error.code === "bad-run-request" && error.message.length < 300,
      );
    });

  it("throws nothing but ArchitechError, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (points, options, model) => {
        for (const value of [points, { ...good, points }, { ...good, options }, { ...good, model, options }])
          try {
            parseRunRequest(value);
          } catch (error) {
            assert.ok(error instanceof ArchitechError);
          }
      }),
    );
  });

  it("a run's id cannot be a path", () => {
    for (const id of ["..", "a/b/c/d/e", "a\\b45678", "", "short", ".hidden12", "x".repeat(65), 12345678])
      assert.ok(!isRunId(id));
    assert.ok(isRunId("0f9a3c1e-1111-4222-8333-123456789abc"));
  });
});
