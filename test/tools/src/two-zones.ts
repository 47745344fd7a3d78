const exponential = (mean: string): object => ({ dist: "exponential", mean });

/**
 * The document of a model that can be simulated in two parts: a service that calls one in another zone, which asks its
 * database. `rate` of its traffic and `latency` between the zones.
 */
export function twoZones(rate: string, latency: string): object {
  return {
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
  };
}
