import { eventsRoute, eventsRoutes } from "../events/events.js";
import { identityRoutes } from "../info/routes.js";
import type { Part } from "../part.js";
import type { Gate } from "../security/gate.js";
import { labApiRoutes, staticRoutes } from "./api-routes.js";
import type { LabBuild } from "./build.js";
import { pageRoutes } from "./page-routes.js";
import { Settings } from "./settings.js";
import type { Texts } from "./texts.js";
import { Workspaces } from "./workspaces.js";

/** What the lab's part is made of. */
export interface LabPartOptions {
  readonly lab: LabBuild | undefined;
  readonly settings: Texts;
  readonly workspaces: Texts;
  readonly gate: Gate;
  readonly baseUrl: string;
  /** Where pages get the built files from, when not from here. */
  readonly staticOrigin: string | undefined;
  readonly bodyLimit: number;
  readonly smallBodyLimit: number;
}

/** The part that a browser talks to first: the lab's page, its settings and layouts. */
export function labPart(options: LabPartOptions): Part {
  const { lab, gate, baseUrl, staticOrigin, bodyLimit, smallBodyLimit } = options;
  const settings = new Settings(lab, options.settings);
  const workspaces = new Workspaces(options.workspaces);
  return {
    routes: [
      identityRoutes((request) => gate.userOf(request)),
      eventsRoutes({ bodyLimit: smallBodyLimit }),
      labApiRoutes(lab, settings, workspaces, { bodyLimit }),
      pageRoutes(lab, gate, { baseUrl, staticOrigin }),
    ],
    open: lab === undefined || staticOrigin === undefined ? [] : [staticRoutes(lab, { forEverybody: true })],
    sockets: [eventsRoute],
    close: async () => {},
  };
}
