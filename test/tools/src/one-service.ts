/** A model document of one service on one thread, of which 100 requests a second take 80 %: small and quick, and its rate can be swept. */
export const oneService: object = {
  architech: 1,
  nodes: {
    api: { kind: "service", threads: 1, ops: { get: [{ do: "cpu", time: { dist: "exponential", mean: "8ms" } }] } },
  },
  traffic: { to: "api", rate: "100rps", mix: { get: 1 } },
};
