import type { ModelDocument } from "./document.js";
import type { HopDocument, NetworkDocument } from "./network-document.js";
import type { TimeDocument } from "./time-document.js";

/** A network, so that neither a node nor a call is searched for more than once. */
interface Directory {
  /** Zone by node. */
  readonly zones: ReadonlyMap<string, string>;
  /** Hop by what is called and from where. */
  readonly hops: ReadonlyMap<string, HopDocument>;
}

const directories = new WeakMap<NetworkDocument, Directory>();

function directoryOf(network: NetworkDocument): Directory {
  let known = directories.get(network);
  if (known === undefined) {
    const { zones = {}, hops = [] } = network;
    known = {
      zones: new Map(Object.entries(zones).flatMap(([zone, { nodes }]) => nodes.map((node) => [node, zone]))),
      // Of two for one call the first counts.
      hops: new Map([...hops].reverse().map((hop) => [keyOf(hop.from, hop.to), hop])),
    };
    directories.set(network, known);
  }
  return known;
}

const keyOf = (from: string, to: string): string => JSON.stringify([from, to]);

/** The zone that a node stands in. */
export function zoneOf({ network }: ModelDocument, node: string): string | undefined {
  return network === undefined ? undefined : directoryOf(network).zones.get(node);
}

/** Whether a name is a node's, or that of the zone that it stands in. */
export function standsIn({ network }: ModelDocument, node: string, place: string): boolean {
  return node === place || (network !== undefined && directoryOf(network).zones.get(node) === place);
}

/** How calls of one node by another travel; undefined where they take no time. `from` may be "traffic". */
export function hopBetween({ network }: ModelDocument, from: string, to: string): HopDocument | undefined {
  if (network === undefined) return undefined;
  const hop = directoryOf(network).hops.get(keyOf(from, to));
  const latency = hop?.latency ?? latencyBetween(network, from, to);
  if (hop === undefined && latency === undefined) return undefined;
  return { ...(hop ?? { from, to }), ...(latency === undefined ? {} : { latency }) };
}

/** One way, by the zones of both. */
function latencyBetween(network: NetworkDocument, from: string, to: string): TimeDocument | undefined {
  const { zones } = directoryOf(network);
  const [a, b] = [zones.get(from), zones.get(to)];
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return network.latency?.zone;
  const regions = [a, b].map((zone) => network.zones![zone]!.region ?? zone);
  return regions[0] === regions[1] ? network.latency?.region : network.latency?.world;
}
