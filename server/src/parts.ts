import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { ArchitechError } from "@architech/protocol";
import { type PoolWork, RunService } from "architech/host";
import type { Bus } from "./bus/bus.js";
import { ClusterRuns } from "./cluster/cluster-runs.js";
import { ClusterWatch } from "./cluster/cluster-watch.js";
import type { Membership } from "./cluster/membership.js";
import { viewPart } from "./cluster/view-part.js";
import { Answers } from "./contents/answers.js";
import { BusSignatures, signatureTtlMs } from "./contents/bus-signatures.js";
import { BusUploads, uploadTtlMs } from "./contents/bus-uploads.js";
import { Contents } from "./contents/contents.js";
import { documentsPart } from "./contents/documents-part.js";
import { FolderSignatures } from "./contents/folder-signatures.js";
import { FolderUploads } from "./contents/folder-uploads.js";
import { Trust } from "./contents/trust.js";
import type { Uploads } from "./contents/uploads.js";
import { gatewayPart } from "./gateway/gateway-part.js";
import { kernelsPart } from "./kernels/kernels-part.js";
import { KernelSpecs } from "./kernelspecs/kernelspecs.js";
import { BusTexts } from "./lab/bus-texts.js";
import { FolderTexts } from "./lab/folder-texts.js";
import { labPart } from "./lab/lab-part.js";
import type { Metrics } from "./metrics/metrics.js";
import type { ResolvedOptions } from "./options.js";
import { loadOf, type Part } from "./part.js";
import { plays } from "./roles.js";
import { measureRuns, measureWork } from "./runs/run-metrics.js";
import { runsPart } from "./runs/runs-part.js";
import { tracedRuns } from "./runs/traced-runs.js";
import type { Gate } from "./security/gate.js";
import { version } from "./version.js";

/** What parts share. */
export interface Shared {
  readonly options: ResolvedOptions;
  readonly gate: Gate;
  readonly members: Membership | undefined;
  /** Where this server is, once it listens. */
  readonly url: () => string;
}

/** The parts that a server's roles name; the one place that knows them all. The contents are those of its documents. */
export async function assemble(shared: Shared): Promise<{ parts: Part[]; contents: Contents | undefined }> {
  const { roles, documents, limits, baseUrl } = shared.options;
  const parts: Part[] = [];
  let contents: Contents | undefined;
  if (plays(roles, "documents")) {
    if (documents === undefined)
      throw new ArchitechError("invalid-argument", "documents are kept by a server that has some");
    const trust = trustOf(shared.options);
    contents = new Contents(documents, trust, uploadsOf(shared.options));
    const answers = new Answers(contents, documents, trust);
    parts.push(documentsPart(contents, documents, answers, { bodyLimit: limits.document, baseUrl }));
  }
  if (plays(roles, "kernels")) parts.push(kernels(shared));
  let work: (() => PoolWork) | undefined;
  if (plays(roles, "runs")) {
    const served = await runs(shared);
    parts.push(served.part);
    work = served.work;
  }
  if (plays(roles, "gateway")) parts.push(gateway(shared));
  if (roles.includes("all") || roles.includes("gateway")) parts.push(lab(shared), view(shared, parts, work));
  return { parts, contents };
}

function trustOf(options: ResolvedOptions): Trust {
  const bus = busOfMany(options);
  if (bus === undefined) return new Trust(new FolderSignatures(join(options.data, "trust")));
  return new Trust(new BusSignatures(bus.state("trust", { ttlMs: signatureTtlMs }), bus.state("secrets")));
}

function uploadsOf(options: ResolvedOptions): Uploads {
  const bus = busOfMany(options);
  if (bus === undefined) return new FolderUploads(join(options.data, "uploads"));
  return new BusUploads(bus.objects("uploads"), bus.state("uploads", { ttlMs: uploadTtlMs }));
}

/** Where one of many equal processes keeps what all must have; one that does all has it on its disk, and works without the bus. */
function busOfMany({ bus, roles }: ResolvedOptions): Bus | undefined {
  return roles.includes("all") ? undefined : bus;
}

function kernels({ options, gate, members, url }: Shared): Part {
  const { data, documents, limits, baseUrl, log, tracing, kernels: policy } = options;
  const here = options.roles.includes("all");
  return kernelsPart({
    specs: new KernelSpecs(options.kernelspecFolders),
    runtime: join(data, "runtime"),
    workingFolder: async (path) => (await documents?.workingFolder(path)) ?? data,
    env: (user) => {
      const server = here ? url() : (members?.find("gateway") ?? members?.find("runs"));
      // Without a server a kernel simulates by itself.
      if (server === undefined) return {};
      return { ARCHITECH_LAB: server, ARCHITECH_SERVER: server, ARCHITECH_TOKEN: gate.token.of(user) };
    },
    policy,
    log,
    tracing,
    bodyLimit: limits.body,
    baseUrl,
    userOf: (request) => gate.userOf(request),
    channel: limits.channel,
    // The others choose by how many kernels run here.
    removed: () => members?.say(),
  });
}

/** The part that serves runs; `work`: what is done for them in this process, where no others do it. */
async function runs({ options, gate }: Shared): Promise<{ part: Part; work?: () => PoolWork }> {
  const { bus, data, log, limits, tracing, retention } = options;
  const how = { bodyLimit: limits.run, userOf: (request: IncomingMessage) => gate.userOf(request) };
  if (bus === undefined) {
    const service = await RunService.open({ folder: join(data, "runs"), ...retention });
    const part = runsPart(service, { ...how, ...tracedRuns(service, tracing) });
    const measure = (metrics: Metrics): void => {
      part.measure?.(metrics);
      measureRuns(metrics, () => service.list());
      measureWork(metrics, () => service.work);
    };
    return { part: { ...part, measure }, work: () => service.work };
  }
  const host = await ClusterRuns.open({ bus, log, tracing, ...retention });
  const part = runsPart(host, how);
  const measure = (metrics: Metrics): void => {
    part.measure?.(metrics);
    host.measure(metrics);
  };
  return { part: { ...part, checks: [busCheck(bus, true)], measure } };
}

function gateway({ options, gate, members }: Shared): Part {
  const { bus, log } = options;
  if (bus === undefined || members === undefined)
    throw new ArchitechError("invalid-argument", "a gateway needs the bus of its cluster: give it one with --bus");
  // Once it knows the services it leads to them without the bus.
  const part = gatewayPart({ members, bus, gate, log, trustedProxies: options.trustedProxies });
  return { ...part, checks: [busCheck(bus, false)] };
}

function lab({ options, gate }: Shared): Part {
  const { data, limits, baseUrl } = options;
  const bus = busOfMany(options);
  const folder = join(data, "lab");
  return labPart({
    lab: options.lab,
    settings: bus
      ? new BusTexts(bus.state("settings"))
      : new FolderTexts(join(folder, "user-settings"), ".jupyterlab-settings"),
    workspaces: bus
      ? new BusTexts(bus.state("workspaces"))
      : new FolderTexts(join(folder, "workspaces"), ".jupyterlab-workspace"),
    gate,
    baseUrl,
    staticOrigin: options.staticOrigin,
    bodyLimit: limits.document,
    smallBodyLimit: limits.body,
  });
}

/** Shows who works together; of one process that does all, itself. */
function view({ options, members, url }: Shared, parts: readonly Part[], work?: () => PoolWork): Part {
  const { bus, log, roles } = options;
  if (bus !== undefined && members !== undefined) {
    const watch = new ClusterWatch(bus, members, log);
    return viewPart(
      () => watch.view(),
      () => watch.close(),
    );
  }
  const self = { id: "here", version, since: Date.now() };
  return viewPart(async () => ({
    cluster: false,
    at: Date.now(),
    connected: true,
    services: [{ ...self, roles, url: url(), ready: true, load: loadOf(parts) }],
    workers: work === undefined ? [] : [{ ...self, ...work() }],
    lanes: [],
  }));
}

function busCheck(bus: Bus, required: boolean): NonNullable<Part["checks"]>[number] {
  return { name: "bus", required, ok: () => bus.health().connected };
}
