import assert from "node:assert/strict";
import { judge } from "#src/experiment/verdict.js";

const latency = { metric: "api.latency.p99", unit: "ms", confidence: 0.95 };

describe("judge()", () => {
  it("names the scenario that is better, by how much, and how sure that is", () => {
    const { sentence, best, difference, runs } = judge(
      ["roundRobin", "leastBusy"],
      [
        [14, 15, 16, 14.2],
        [10, 11.2, 12.1, 10],
      ],
      latency,
    );
    assert.equal(best, "leastBusy");
    assert.equal(runs, 4);
    assert.equal(difference.than, "roundRobin");
    assert.ok(difference.low > 3.6 && difference.high < 4.4);
    assert.match(sentence, /^leastBusy is better by 3\.\d\d to 4\.\d\d ms \(95 %\), 4 paired runs$/);
  });

  it("more is better for throughput", () => {
    assert.equal(
      judge(
        ["a", "b"],
        [
          [10, 11],
          [20, 21.1],
        ],
        { metric: "traffic.rate", unit: "1/s", confidence: 0.9 },
      ).best,
      "b",
    );
    assert.equal(
      judge(
        ["a", "b"],
        [
          [10, 11],
          [20, 21.1],
        ],
        { metric: "traffic.errors", unit: "1/s", confidence: 0.9 },
      ).best,
      "a",
    );
  });

  it("is undecided while the interval holds nothing", () => {
    const { best, sentence } = judge(
      ["a", "b"],
      [
        [10, 12, 11],
        [11, 11, 11.2],
      ],
      latency,
    );
    assert.equal(best, "undecided");
    assert.match(sentence, /^undecided after 3 paired runs: /);
  });

  it("is undecided after one run, and says that two are needed", () => {
    assert.match(
      judge(["a", "b"], [[10], [12]], latency).sentence,
      /undecided after 1 paired run: two at least are needed/,
    );
  });

  it("identical scenarios are undecided", () =>
    assert.equal(
      judge(
        ["a", "b"],
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        latency,
      ).best,
      "undecided",
    ));

  it("the best of many must be better than each of the others", () => {
    const { best, sentence } = judge(
      ["a", "b", "c"],
      [
        [30, 31, 32, 30],
        [10, 11.1, 12, 10],
        [20, 21, 22.1, 20],
      ],
      latency,
    );
    assert.equal(best, "b");
    assert.match(sentence, /^b is better than c, the next best, by /);
    assert.equal(
      judge(
        ["a", "b", "c"],
        [
          [30, 31, 32, 30],
          [10, 11.1, 12, 10],
          [10, 11, 12.1, 10],
        ],
        latency,
      ).best,
      "undecided",
    );
  });
});
