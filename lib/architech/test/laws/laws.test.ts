import assert from "node:assert/strict";
import { lawsHold } from "./laws-hold.js";
import { anyModel } from "./random-model.js";

describe("laws, whatever the model", function () {
  this.timeout(600_000);

  it("hold on 10,000 random models", () => {
    lawsHold(anyModel, { seed: 7, numRuns: 10_000 });
  });

  it("print the smallest model that breaks one, as TypeScript", () => {
    const nobodyPublishes = {
      "nobody publishes": ({ value }: { value: (metric: string) => number }) =>
        assert.ok(!(value("jobs.arrivals") > 0), "somebody publishes"),
    };
    assert.throws(() => lawsHold(anyModel, { seed: 7, numRuns: 100 }, nobodyPublishes), (error: Error) => {
      console.log(error.message);
      return true;
    });
  });
});
