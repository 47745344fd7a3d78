import fc from "fast-check";
import type { ScaleDocument } from "#src/model/scale-document.js";
import { time } from "./random-time.js";

const rules = fc.option(
  fc.record(
    {
      stabilization: fc.constantFrom("0s", "30ms"),
      policies: fc.constant([
        { pods: 1, period: "20ms" },
        { percent: 50, period: "40ms" },
      ]),
      select: fc.constantFrom("max" as const, "min" as const, "disabled" as const),
      tolerance: fc.constantFrom(0, 0.5),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** `queue`: the worker's own, as what goes by another's may leave messages where they are. Everything happens within a few hundred milliseconds, so scalers are quick. Documents have no undefined fields. */
export const scale = (
  cpu: boolean,
  triggers: "service" | "worker",
  queue = "jobs",
): fc.Arbitrary<ScaleDocument | undefined> =>
  fc
    .record({
      by: fc.constantFrom("none" as const, "none" as const, "hpa" as const, "keda" as const, "schedule" as const),
      min: fc.integer({ min: 0, max: 2 }),
      more: fc.integer({ min: 1, max: 3 }),
      target: fc.constantFrom(
        ...(cpu ? [{ cpu: 0.5 }, { cores: 0.3, rate: "200rps" }] : []),
        { concurrency: 2 },
        { rate: "100rps", queue: { of: queue, average: 2 } },
        { queue: { of: queue, value: 3 } },
      ),
      up: rules,
      down: rules,
      startup: fc.option(time, { nil: undefined }),
      repeat: fc.option(fc.constant("90ms"), { nil: undefined }),
      threads: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      cores: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      kedas: fc.record(
        {
          idle: fc.constant(0),
          inFlight: fc.boolean(),
          idleConsumers: fc.boolean(),
          queue: fc.constant(queue),
          cpu: fc.constant(0.6),
          activation: fc.integer({ min: 0, max: 1 }),
          initialCooldown: fc.constant("30ms"),
        },
        { requiredKeys: [] },
      ),
      hpas: fc.record({ cpuInitialization: fc.constant("20ms") }, { requiredKeys: [] }),
      tolerance: fc.option(fc.constantFrom(0, 0.3), { nil: undefined }),
    })
    .map(({ by, min, more, target, up, down, startup, repeat, threads, cores, kedas, hpas, tolerance }) => {
      const common = {
        ...(tolerance === undefined ? {} : { tolerance }),
        ...(up === undefined ? {} : { up }),
        ...(down === undefined ? {} : { down }),
        ...(startup === undefined ? {} : { startup }),
        sync: "15ms",
      };
      // A service whose queue is empty would never come back from nothing, nor what may rise by a share of nothing.
      const returns = triggers === "worker" && "queue" in target && (up?.select ?? "max") === "max";
      if (by === "hpa")
        return {
          by,
          min: returns ? min : Math.max(1, min),
          max: min + more,
          target,
          ...hpas,
          ...common,
        };
      if (by === "keda") {
        const { idle, queue, cpu: busy, ...others } = kedas;
        const own = {
          ...others,
          ...(idle === undefined || min === 0 ? {} : { idle }),
          ...(queue === undefined || triggers === "service" ? {} : { queue }),
          ...(busy === undefined || !cpu ? {} : { cpu: busy }),
        };
        const trigger = triggers === "worker" ? { lag: 2 } : { concurrency: 2 };
        return { by, min, max: min + more, ...trigger, ...own, polling: "20ms", cooldown: "40ms", ...common };
      }
      if (by === "none") return undefined;
      return {
        by,
        steps: [
          { at: "10ms", replicas: min },
          {
            at: "60ms",
            replicas: more,
            ...(cpu && threads !== undefined ? { threads } : {}),
            ...(cpu && triggers === "service" && cores !== undefined ? { cores } : {}),
          },
        ],
        ...(repeat === undefined ? {} : { repeat }),
        ...(startup === undefined ? {} : { startup }),
      };
    });
