import { bandwidths } from "../units/bandwidth.js";
import { sizes } from "../units/size.js";
import { time } from "./format-time.js";
import { type Fail, limits, type Shape } from "./shape.js";
import { object, optional, positiveDuration, reference, required } from "./shape-parts.js";

const size: Shape = { shape: "amount", family: sizes };

const hop = object(
  "a hop",
  {
    from: required(reference, "A node, or traffic."),
    to: required(reference),
    latency: optional(time, "One way. Default: as the zones say."),
    bandwidth: optional(
      { shape: "amount", family: bandwidths, positive: true },
      "In each direction. Default: no limit.",
    ),
    request: optional(size, "Default 0."),
    response: optional(size, "Default 0."),
    loss: optional({ shape: "number", min: 0, max: 0.9 }, "Share of messages that are lost, and sent again."),
    retransmit: optional(positiveDuration, "Time until then; it doubles each time. Default 200ms."),
  },
  ({ bandwidth, request, response, loss, retransmit }: Record<string, unknown>, fail: Fail) => {
    if (bandwidth !== undefined && request === undefined && response === undefined)
      fail("bandwidth", "is given, but neither request nor response has a size");
    if (retransmit !== undefined && loss === undefined)
      fail("retransmit", "is given, but nothing is lost: set loss too");
  },
);

/** How long messages between nodes take. */
export const network: Shape = object("a network", {
  zones: optional({
    shape: "named",
    of: () =>
      object("a zone", {
        region: optional(reference, "Default: a region of its own."),
        nodes: required({ shape: "list", of: () => reference, what: "nodes", least: 1 }),
      }),
    what: "a zone",
    least: 1,
    most: limits.ops,
  }),
  latency: optional(
    object("latencies", {
      zone: optional(time, "Within a zone, one way."),
      region: optional(time, "Between zones of one region."),
      world: optional(time, "Between regions."),
    }),
  ),
  hops: optional({ shape: "list", of: () => hop, what: "hops", least: 0 }),
});
