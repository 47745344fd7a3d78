import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { GroupDocument } from "#src/model/group-document.js";
import type { NodeDocument } from "#src/model/node-document.js";

/** Names of other nodes in a node. */
function namesIn(value: unknown, nodes: ModelDocument["nodes"], found: Set<string>): void {
  if (typeof value === "string" && Object.hasOwn(nodes, value)) found.add(value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) if (key !== "kind") namesIn(inner, nodes, found);
}

/** A model without the nodes that nothing comes to, and without what is said of them elsewhere. */
export function trimmed(model: ModelDocument): ModelDocument {
  const { nodes, traffic, network, faults = [], groups, layout } = model;
  const flows = "classes" in traffic ? Object.values(traffic.classes) : [traffic];
  const kept = new Set(flows.map(({ to }) => to));
  const entries = Object.entries(nodes);
  const comesBy = ([, node]: readonly [string, NodeDocument]): boolean =>
    node.kind === "job" || (node.kind === "worker" && kept.has(node.takes));
  for (let before = 0; before < kept.size; ) {
    before = kept.size;
    for (const entry of entries) if (comesBy(entry)) kept.add(entry[0]);
    for (const name of [...kept]) namesIn(nodes[name], nodes, kept);
  }
  const zones = Object.entries(network?.zones ?? {})
    .map(
      ([name, { nodes: names, ...zone }]) =>
        [name, { ...zone, nodes: names.filter((name) => kept.has(name)) }] as const,
    )
    .filter(([, { nodes: names }]) => names.length > 0);
  const places = new Set(["traffic", ...kept, ...zones.map(([name]) => name)]);
  const stays = (fault: FaultDocument): boolean => {
    const struck = "between" in fault ? fault.between : "zone" in fault ? [fault.zone!] : [fault.node!];
    return struck.every((place) => places.has(place));
  };
  const hops = (network?.hops ?? []).filter(({ from, to }) => places.has(from) && places.has(to));
  return {
    ...model,
    nodes: Object.fromEntries(entries.filter(([name]) => kept.has(name))),
    faults: faults.filter(stays),
    ...(groups && { groups: keptIn(groups, kept) }),
    ...(layout && { layout: Object.fromEntries(Object.entries(layout).filter(([name]) => kept.has(name))) }),
    ...(network && { network: { ...network, zones: Object.fromEntries(zones), hops } }),
  };
}

/** The groups without the nodes that are gone. */
function keptIn(
  groups: Readonly<Record<string, GroupDocument>>,
  kept: ReadonlySet<string>,
): Readonly<Record<string, GroupDocument>> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, { nodes = [], groups }]) => [
      name,
      { nodes: nodes.filter((node) => kept.has(node)), ...(groups && { groups: keptIn(groups, kept) }) },
    ]),
  );
}
