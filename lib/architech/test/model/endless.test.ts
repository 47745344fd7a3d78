import assert from "node:assert/strict";
import { ArchitechError } from "@architech/protocol";
import type { StepDocument } from "#src/model/step-document.js";
import { validate } from "#src/model/validate.js";

const call = (to: string, op = "go"): StepDocument => ({ do: "call", to, op });

function model(ops: Readonly<Record<string, readonly StepDocument[]>>, others: object = {}): unknown {
  const nodes = Object.fromEntries(Object.entries(ops).map(([name, go]) => [name, { kind: "service", ops: { go } }]));
  return { architech: 1, nodes: { ...nodes, ...others }, traffic: { to: "a", rate: "1rps", mix: { go: 1 } } };
}

function endless(document: unknown, message: RegExp): void {
  assert.throws(
    () => validate(document),
    (error) => error instanceof ArchitechError && error.code === "cycle-endless" && message.test(error.message),
  );
}

describe("a circle of calls", () => {
  it("that nothing leaves is refused, with its way", () => {
    endless(model({ a: [call("b")], b: [call("c")], c: [call("a")] }), /a\.go → b\.go → c\.go → a\.go/);
    endless(model({ a: [call("a")] }), /a\.go never ends|a\.go → a\.go/);
  });

  it("is named without what merely leads to it", () => {
    endless(model({ a: [call("b")], b: [call("b")] }), /^b\.ops\.go never ends: b\.go → b\.go/);
  });

  it("of many is cut in the middle", () => {
    const ring = Object.fromEntries(
      Array.from({ length: 26 }, (_, i) => [
        String.fromCharCode(97 + i),
        [call(String.fromCharCode(97 + ((i + 1) % 26)))],
      ]),
    );
    endless(model(ring), /a\.go → b\.go → c\.go → d\.go → e\.go → \.\.\. → y\.go → z\.go → a\.go/);
  });

  it("that a branch leaves is allowed", () => {
    const either: StepDocument = {
      do: "either",
      branches: [
        { weight: 1, steps: [] },
        { weight: 1, steps: [call("a")] },
      ],
    };
    validate(model({ a: [either] }));
  });

  it("whose way out has the weight 0 is not left", () => {
    const either: StepDocument = {
      do: "either",
      branches: [
        { weight: 0, steps: [] },
        { weight: 1, steps: [call("a")] },
      ],
    };
    endless(model({ a: [either] }), /a\.go/);
  });

  it("is left by a failure before the call", () => {
    validate(model({ a: [{ do: "fail", probability: 0.5 }, call("a")] }));
    validate(model({ a: [{ do: "fail" }, call("a")] }));
    endless(model({ a: [{ do: "fail", probability: 0 }, call("a")] }), /a\.go/);
  });

  it("is not left by a timeout, which takes nothing back", () => {
    endless(model({ a: [{ do: "timeout", after: "1s", steps: [call("a")] }] }), /a\.go/);
  });

  it("within retry, repeat or parallel is one all the same", () => {
    endless(model({ a: [{ do: "retry", times: 1, backoff: "1ms", steps: [call("a")] }] }), /a\.go/);
    endless(model({ a: [{ do: "repeat", times: 1, steps: [call("a")] }] }), /a\.go/);
    endless(model({ a: [{ do: "parallel", branches: [[], [call("a")]] }] }), /a\.go/);
  });

  it("through a cache that always misses is one, and one that hits leaves it", () => {
    const through = (hitRatio: number) =>
      model(
        { a: [{ do: "call", to: "near", op: "get", miss: [call("a")] }] },
        { near: { kind: "cache", get: "1ms", hitRatio } },
      );
    endless(through(0), /a\.go/);
    validate(through(0.5));
    validate(through(1));
  });

  it("through a queue is none: publishing ends at once", () => {
    validate(
      model(
        { a: [{ do: "publish", to: "jobs" }] },
        { jobs: { kind: "queue" }, hand: { kind: "worker", takes: "jobs", work: [call("a")] } },
      ),
    );
  });
});
