import type { HopDocument, ModelDocument, NetworkDocument, TimeDocument } from "./document.js";

/** The zone that a node stands in. */
function zoneOf({ zones = {} }: NetworkDocument, node: string): string | undefined {
  return Object.keys(zones).find((name) => zones[name]!.nodes.includes(node));
}

/** Whether a name is a node's, or that of the zone that it stands in. */
export function standsIn({ network = {} }: ModelDocument, node: string, place: string): boolean {
  return node === place || zoneOf(network, node) === place;
}

/** How calls of one node by another travel; undefined where they take no time. `from` may be "traffic". */
export function hopBetween({ network }: ModelDocument, from: string, to: string): HopDocument | undefined {
  if (network === undefined) return undefined;
  const hop = network.hops?.find((hop) => hop.from === from && hop.to === to);
  const latency = hop?.latency ?? latencyBetween(network, from, to);
  if (hop === undefined && latency === undefined) return undefined;
  return { ...(hop ?? { from, to }), ...(latency === undefined ? {} : { latency }) };
}

/** One way, by the zones of both. */
function latencyBetween(network: NetworkDocument, from: string, to: string): TimeDocument | undefined {
  const [a, b] = [zoneOf(network, from), zoneOf(network, to)];
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return network.latency?.zone;
  const regions = [a, b].map((zone) => network.zones![zone]!.region ?? zone);
  return regions[0] === regions[1] ? network.latency?.region : network.latency?.world;
}
