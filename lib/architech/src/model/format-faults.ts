import { time } from "./format-time.js";
import type { Field, Shape } from "./shape.js";
import { duration, object, only, optional, positiveDuration, ratio, reference, required } from "./shape-parts.js";

const node = required(reference);
const interval: Record<string, Field> = { at: required(duration), for: required(positiveDuration) };
const requests = optional(
  only("hang", "refuse"),
  "What happens to requests meanwhile: they wait (the default) or fail at once.",
);
/** What strikes a node, or all of a zone. */
const struck = (what: string, tag: string, fields: Record<string, Field>): Shape => ({
  shape: "by field",
  what,
  cases: {
    node: object(what, { do: required(only(tag)), node, ...fields }),
    zone: object(what, { do: required(only(tag)), zone: required(reference), ...fields }),
  },
});

/** Something that goes wrong. */
export const fault: Shape = {
  shape: "tagged",
  tag: "do",
  what: "a fault",
  cases: {
    outage: struck("an outage", "outage", { ...interval, requests }),
    crash: struck("a crash", "crash", {
      mtbf: required(positiveDuration, "Mean time between failures: how long it is up."),
      mttr: required(positiveDuration, "Mean time to recovery: how long it is down."),
      requests,
    }),
    slow: object("slowness", {
      do: required(only("slow")),
      node,
      by: required({ shape: "number", above: 0, max: 1e6 }, "All times are multiplied by it."),
      ...interval,
    }),
    errors: object("errors", { do: required(only("errors")), node, probability: required(ratio), ...interval }),
    pause: object("a pause", { do: required(only("pause")), node, ...interval }),
    pauses: object("pauses", {
      do: required(only("pauses")),
      node,
      every: required(time, "From the end of one to the next."),
      for: required(time),
    }),
    partition: object("a partition", {
      do: required(only("partition")),
      between: required({ shape: "list", of: () => reference, what: "names", least: 2, most: 2 }),
      ...interval,
      requests,
    }),
  },
};
