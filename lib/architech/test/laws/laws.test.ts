import assert from "node:assert/strict";
import fc from "fast-check";
import { modelSchema } from "#src/model/json-schema.js";
import { namedByModel, namedBySchema } from "./coverage-of-models.js";
import { lawsHold } from "./laws-hold.js";
import { anyModel } from "./random-model.js";

const settings = { seed: 7, numRuns: 10_000 };

describe("laws, whatever the model", function () {
  this.timeout(900_000);
  const named = new Set<string>();
  const noted = anyModel.map((model) => {
    namedByModel(model, named);
    return model;
  });

  it("hold on 10,000 random models", () => {
    lawsHold(noted, settings);
  });

  it("those have every kind of node, step, fault, scaling, policy, time and traffic, and every setting of each", () => {
    if (named.size === 0) fc.sample(noted, settings);
    const missing = [...namedBySchema(modelSchema())].filter((name) => !named.has(name));
    // It means nothing in a model.
    assert.deepEqual(missing, [".$schema"]);
  });

  it("a law that does not hold prints the smallest model that breaks it, as TypeScript", () => {
    const nobodyPublishes = {
      "nobody publishes": ({ value }: { value: (metric: string) => number }) =>
        assert.ok(!(value("jobs.arrivals") > 0), "somebody publishes"),
    };
    assert.throws(
      () => lawsHold(anyModel, { seed: 7, numRuns: 100 }, nobodyPublishes),
      (error: Error) => {
        const [law, how, , ...source] = error.message.split("\n");
        assert.deepEqual([law, how], ["nobody publishes", "somebody publishes"]);
        assert.match(error.message, /^const jobs = queue\(.*\);$/m);
        assert.match(error.message, /\[jobs\.put\(\)\]|\[bus\.put\(\)\]/);
        assert.match(error.message, /^export default model\(/m);
        assert.ok(source.length <= 12, error.message);
        return true;
      },
    );
  });
});
