import { version } from "../version.js";

/** What a page is opened with. */
export interface PageAddress {
  /** The document to open, from the root; "" for none. */
  readonly treePath: string;
  readonly workspace: string;
  readonly mode: "multiple-document" | "single-document";
}

/** Where pages find things. */
export interface PagePlaces {
  readonly baseUrl: string;
  /** Another server that has the built files, such as a content delivery network's; ends with "/". */
  readonly staticOrigin: string | undefined;
}

/** What all pages of a server share. */
export interface PageOptions extends PagePlaces {
  /** That of its user. */
  readonly token: string;
  /** What the build says of itself; the server's own words win. */
  readonly build: Readonly<Record<string, unknown>>;
}

/** The configuration that JupyterLab reads from its page. */
export function pageConfig({ treePath, workspace, mode }: PageAddress, options: PageOptions): Record<string, unknown> {
  const { baseUrl, staticOrigin, token, build } = options;
  return {
    appName: "Architech",
    appNamespace: "lab",
    appVersion: version,
    devMode: false,
    cacheFiles: false,
    exposeAppInBrowser: false,
    quitButton: false,
    preferredPath: "/",
    serverRoot: "/",
    rootUri: "",
    terminalsAvailable: false,
    collaborative: false,
    disabledExtensions: [],
    federated_extensions: [],
    ...build,
    ...urls(baseUrl),
    ...(staticOrigin === undefined ? {} : { fullStaticUrl: staticOrigin.replace(/\/$/, "") }),
    baseUrl,
    wsUrl: "",
    token,
    treePath,
    workspace,
    mode,
  };
}

function urls(baseUrl: string): Record<string, string> {
  const paths = {
    appUrl: "lab",
    treeUrl: "lab/tree",
    workspacesUrl: "lab/workspaces",
    workspacesApiUrl: "lab/api/workspaces",
    settingsUrl: "lab/api/settings",
    themesUrl: "lab/api/themes",
    translationsApiUrl: "lab/api/translations",
    licensesUrl: "lab/api/licenses",
    listingsUrl: "lab/api/listings",
    labextensionsUrl: "lab/extensions",
    staticUrl: "static/lab",
  };
  const named: Record<string, string> = {};
  for (const [name, path] of Object.entries(paths)) {
    named[name] = `/${path}`;
    named[`full${name[0]!.toUpperCase()}${name.slice(1)}`] = `${baseUrl}${path}`;
  }
  return named;
}

/** The lab's page with its configuration filled in. */
export function renderPage(template: string, config: Record<string, unknown>): string {
  // Inside a script element only "<" could end the data.
  const json = JSON.stringify(config).replaceAll("<", "\\u003c");
  return template
    .replaceAll("{{static-url}}", () => `${config["fullStaticUrl"]}/`)
    .replaceAll("{{title}}", () => String(config["appName"]))
    .replaceAll("{{page-config}}", () => json);
}
