import assert from "node:assert/strict";
import { Ajv } from "ajv";
import fc from "fast-check";
import { check } from "#src/model/check.js";
import { documentShape } from "#src/model/format.js";
import { modelSchema } from "#src/model/json-schema.js";
import { anyModel } from "../laws/random-model.js";

const accepts = new Ajv({ strict: false, allErrors: false }).compile(modelSchema());

/** What `validate` refuses though each value by itself is right. */
const together =
  /weights for \d|means nothing to|is given neither|points for each|has weights, but|go back in time|only rates of 0|nobody arrives|nothing waits|has only weights of 0|choices among|less than min|no lognormal of mean|too large to count|more than 0 is needed|has \d+ characters|is given, but|name one|go back: |operations for \d+ times|before the last time|does not know how long|the order "adaptive-lifo" needs|goes with the orders|set cores too|set threads too|less than one request|more than the window|more than max|which is not from|nothing would ever be stale|is given beside|but there (is|are) \d+ replica|that can answer|copies in all|busy cores, but|not less than min|but no lag|wake nothing up|only a queue can be read|has a trigger|has one at least|not in the order of|the last step comes|only 0 replicas|says nothing at|to begin with|are its cores|no number of them|that scale allows|of what scales|threads or cores over|but not how much|but not what it costs/;

function refusal(document: unknown): string | undefined {
  try {
    check(documentShape, document, []);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const junk = fc.constantFrom<unknown>(
  ..."4ms,4msec,-1ms,0ms,1e3s,.5s,5.s,12rps,0rps,,front,cpu,fixed,a b,exponential".split(","),
  ...[0, 1, -1, 0.5, 2.5, 1e7, null, true, [], [1], {}, { do: "fail" }, { dist: "exponential", mean: "1ms" }],
);

/** Every place of a document at which something can be put, taken away or exchanged. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function change(
  document: unknown,
  at: readonly (string | number)[],
  act: (holder: never, key: never) => void,
): unknown {
  const copy: unknown = structuredClone(document);
  let holder = copy as Record<string, unknown>;
  for (const key of at.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  if (at.length > 0) act(holder as never, at.at(-1) as never);
  return copy;
}

describe("modelSchema()", () => {
  it("is a draft 7 schema with a versioned identity, and plain data", () => {
    const schema = modelSchema();
    assert.equal(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert.equal(schema["$id"], "urn:architech:model:1");
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
  });

  it("accepts every valid model", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        assert.ok(accepts(model), JSON.stringify(accepts.errors));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("accepts and refuses what validate() does, but for what values must be together", () => {
    let refused = 0;
    fc.assert(
      fc.property(anyModel, fc.nat(), junk, fc.constantFrom("put", "drop", "add"), (model, where, value, act) => {
        const places = placesOf(model);
        const changed = change(
          model,
          places[where % places.length]!,
          (holder: Record<string, unknown>, key: string) => {
            if (act === "put") holder[key] = value;
            else if (act === "add") holder[`${key}x`] = value;
            else if (Array.isArray(holder)) holder.splice(Number(key), 1);
            else delete holder[key];
          },
        );
        const why = refusal(changed);
        if (why === undefined) assert.ok(accepts(changed), JSON.stringify(accepts.errors));
        else {
          refused++;
          if (!together.test(why)) assert.ok(!accepts(changed), `the schema accepts what validate() refuses: ${why}`);
        }
      }),
      { seed: 2, numRuns: 600 },
    );
    assert.ok(refused > 300, `${refused} were refused`);
  });

  it("writes what stands in many places once", () => {
    const definitions = modelSchema()["definitions"] as Record<string, unknown>;
    for (const name of ["step", "time", "distribution", "node"]) assert.ok(name in definitions, name);
    assert.ok(JSON.stringify(modelSchema()).length < 80_000);
  });
});
