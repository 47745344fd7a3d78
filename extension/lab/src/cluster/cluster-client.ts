import { parseClusterView, parseRunInfo } from "@architech/protocol";
import { ServerConnection } from "@jupyterlab/services";
import type { ClusterState } from "./cluster-state.js";

/** Asks the server who works together, and what runs there are. */
export class ClusterClient {
  readonly #settings: ServerConnection.ISettings;

  constructor(settings: ServerConnection.ISettings) {
    this.#settings = settings;
  }

  async look(): Promise<ClusterState> {
    // Without a service of runs the rest can still be shown.
    const [view, runs] = await Promise.all([this.#get("api/cluster"), this.#get("api/runs").catch(() => undefined)]);
    return { ...parseClusterView(view), runs: (runs as { runs: unknown[] } | undefined)?.runs.map(parseRunInfo) };
  }

  async cancel(run: string): Promise<void> {
    await this.#ask(`api/runs/${encodeURIComponent(run)}/cancel`, { method: "POST" });
  }

  async #get(path: string): Promise<unknown> {
    return (await this.#ask(path, {})).json();
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const response = await ServerConnection.makeRequest(`${this.#settings.baseUrl}${path}`, init, this.#settings);
    if (response.ok) return response;
    const { message } = (await response.json().catch(() => ({}))) as { message?: string };
    throw new Error(message ?? `${response.status} ${response.statusText}`);
  }
}
