import {
  custom,
  type Ending,
  erlang,
  exponential,
  fail,
  type Model,
  model,
  type Steps,
  service,
  wait,
} from "#src/index.js";
import { erlangB, pollaczekKhinchine } from "./closed-forms.js";
import { agrees, type Interval, intervals, type Length } from "./replications.js";

const second = 1_000;

/** A service whose threads do these steps for each of so many requests a second. */
function desk(steps: Steps, rate: `${number}rps`, threads?: number): Model {
  const desk = service({ ...(threads === undefined ? {} : { threads }), ops: { serve: steps } });
  return model({ desk }, { to: desk, rate }) as unknown as Model;
}

const found = <K extends string>(
  of: Model,
  length: Length,
  pick: Parameters<typeof intervals<K>>[2],
): Record<K, Interval> => intervals(of.toJSON(), length, pick);

describe("truth: custom steps", () => {
  it("one that waits for an exponential time in front of one thread is M/M/1", () => {
    const serve = custom("serve", function* () {
      yield exponential("1ms");
    });
    const { mean, p99 } = found(
      desk([serve], "400rps", 1),
      { untilMs: 200 * second, warmupMs: second, seed: 81 },
      (value) => ({
        mean: value("desk.latency.mean"),
        p99: value("desk.latency.p99"),
      }),
    );
    agrees(mean, 1 / (1 - 0.4), "mean");
    agrees(p99, -Math.log(0.01) / (1 - 0.4), "p99");
  });

  it("one that draws a time itself and waits for it is M/G/1", () => {
    const serve = custom("serve", function* (request) {
      yield `${request.draw(erlang({ shape: 2, mean: "1ms" }))}ms`;
    });
    const { wait } = found(
      desk([serve], "400rps", 1),
      { untilMs: 280 * second, warmupMs: second, seed: 82 },
      (value) => ({
        wait: value("desk.wait.mean"),
      }),
    );
    agrees(wait, pollaczekKhinchine(0.4, 1, 0.5), "wait");
  });

  it("one that refuses who comes while so many are at work blocks as Erlang B", () => {
    const atMost4 = custom("at-most-4", { state: () => ({ busy: 0 }) }, function* ({ state }) {
      if (state.busy === 4) return "failed";
      state.busy++;
      try {
        return yield exponential("1ms");
      } finally {
        state.busy--;
      }
    });
    const { refused } = found(
      desk([atMost4], "3000rps"),
      { untilMs: 20 * second, warmupMs: second, seed: 83 },
      (value) => ({
        refused: value("desk.errors") / value("desk.arrivals"),
      }),
    );
    agrees(refused, erlangB(4, 3), "refused");
  });

  it("one that polls until something is ready asks 1/p times", () => {
    const poll = custom("poll", { steps: { ask: [wait("1ms"), fail(0.75)] } }, function* () {
      while ((yield "ask") === "failed") yield "10ms";
    });
    const { latency } = found(
      desk([poll], "100rps"),
      { untilMs: 150 * second, warmupMs: second, seed: 84 },
      (value) => ({
        latency: value("desk.latency.mean"),
      }),
    );
    agrees(latency, 4 * 1 + 3 * 10, "latency");
  });

  it("a retry by hand multiplies the load as retry does: (1 − p^(N+1))/(1 − p)", () => {
    const shaky = service({ ops: { try: [fail(0.6)] } });
    const door = service({
      ops: {
        serve: [
          custom("again", { steps: { try: [shaky.call("try")] } }, function* () {
            let ending: Ending = "failed";
            for (let attempt = 0; attempt <= 3 && ending === "failed"; attempt++) ending = yield "try";
            return ending;
          }),
        ],
      },
    });
    const shop = model({ door, shaky }, { to: door, rate: "500rps" }) as unknown as Model;
    const { load, failed } = found(shop, { untilMs: 80 * second, warmupMs: 0, seed: 85 }, (value) => ({
      load: value("shaky.arrivals") / value("door.arrivals"),
      failed: value("door.errors") / value("door.arrivals"),
    }));
    agrees(load, (1 - 0.6 ** 4) / (1 - 0.6), "load");
    agrees(failed, 0.6 ** 4, "failed");
  });
});
