import { join } from "node:path";
import { installKernelSpec } from "@architech/kernel";
import { openBus } from "../bus/open-bus.js";
import type { Documents } from "../contents/documents.js";
import { FileDocuments } from "../contents/files/file-documents.js";
import { jupyterPath } from "../kernelspecs/jupyter-path.js";
import type { LabBuild } from "../lab/build.js";
import { plays } from "../roles.js";
import { newToken } from "../security/token.js";
import { type ArchitechServer, startServer } from "../server.js";
import { secretsOf, stderrLog } from "../stderr-log.js";
import { openTracing } from "../tracing/open-tracing.js";
import type { ServerFlags } from "./flags.js";
import { defaultDataFolder, prepareData, prepareRoot } from "./folders.js";

/** The port that is tried first when none is named, and how many after it. */
const firstPort = 8888;
const portTries = 50;

/** A server as the command line starts it. */
export interface Started {
  readonly server: ArchitechServer;
  /** Where the documents are, for a person; undefined where there are none. */
  readonly root: string | undefined;
  readonly data: string;
}

/** Starts a server as the flags say. */
export async function startFromFlags(flags: ServerFlags, lab?: LabBuild): Promise<Started> {
  const token = flags.token ?? newToken();
  const secrets = secretsOf(token, flags.bus, process.env["ARCHITECH_MONGO_URL"]);
  const log = stderrLog({ ...flags.log, role: flags.roles.join(","), secrets });
  const data = await prepareData(flags.data ?? defaultDataFolder());
  const { documents, root } = await openDocuments(flags, data);
  // The kernel of this checkout needs no installation: its kernelspec is written anew for each server.
  await installKernelSpec({ prefix: data });
  const tracing = await openTracing(flags.roles.join(","), log);
  const bus = flags.bus === undefined ? undefined : await openBus(flags.bus, log);
  try {
    const server = await startServer({
      roles: flags.roles,
      documents,
      ...(bus === undefined ? {} : { bus }),
      advertise: flags.advertise,
      ...(flags.trustedProxies === undefined ? {} : { trustedProxies: flags.trustedProxies }),
      userHeader: flags.userHeader,
      rateLimits: flags.rateLimits ?? {},
      retention: flags.retention,
      ...(flags.openLimit === undefined ? {} : { openLimit: flags.openLimit }),
      data,
      log,
      tracing,
      lab,
      ip: flags.ip,
      port: flags.port ?? firstPort,
      portTries: flags.port === undefined ? portTries : 1,
      allowRemote: flags.allowRemote,
      allowHosts: flags.allowHosts,
      allowOrigins: flags.allowOrigins,
      baseUrl: flags.baseUrl,
      staticOrigin: flags.staticOrigin,
      kernelspecFolders: () => [join(data, "share", "jupyter"), ...jupyterPath()],
      token,
    });
    return { server, root, data };
  } catch (error) {
    await documents?.close();
    await bus?.close();
    await tracing.close();
    throw error;
  }
}

async function openDocuments(
  flags: ServerFlags,
  data: string,
): Promise<{ documents: Documents | undefined; root: string | undefined }> {
  // Kernels start in the folders of documents.
  if (!plays(flags.roles, "documents") && !plays(flags.roles, "kernels"))
    return { documents: undefined, root: undefined };
  const url = process.env["ARCHITECH_MONGO_URL"];
  if (url) {
    // Its client would be a third of what starts.
    const { MongoDocuments } = await import("../contents/mongo/mongo-documents.js");
    const documents = await MongoDocuments.open(url, { showHidden: flags.hidden });
    return { documents, root: "MongoDB" };
  }
  const root = await prepareRoot(flags.root, data);
  return { documents: new FileDocuments(root, { showHidden: flags.hidden }), root };
}
