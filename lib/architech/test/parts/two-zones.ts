import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";

const exponential = (mean: string) => ({ dist: "exponential", mean }) as const;

/** A service that calls one in another zone, which asks its database. `rate` and `latency` between the zones. */
export function twoZones(rate = "500rps", latency = "5ms"): ModelDocument {
  return validate({
    architech: 1,
    nodes: {
      front: {
        kind: "service",
        threads: 50,
        ops: {
          serve: [
            { do: "cpu", time: exponential("1ms") },
            { do: "call", to: "back", op: "look" },
          ],
        },
      },
      back: {
        kind: "service",
        threads: 50,
        ops: {
          look: [
            { do: "cpu", time: exponential("1ms") },
            { do: "call", to: "db", op: "read" },
          ],
        },
      },
      db: { kind: "database", connections: 8, read: exponential("3ms"), write: "2ms" },
    },
    network: { zones: { a: { nodes: ["front"] }, b: { nodes: ["back", "db"] } }, latency: { world: latency } },
    traffic: { to: "front", rate, mix: { serve: 1 } },
  });
}
