import { randomUUID } from "node:crypto";
import { ArchitechError } from "@architech/protocol";
import type { KernelModel } from "../kernels/kernel.js";
import type { Kernels } from "../kernels/kernels.js";

/** A document and the kernel that runs it. */
export interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: string;
}

/** A session as the REST API shows it. */
export interface SessionModel {
  id: string;
  path: string;
  name: string;
  type: string;
  kernel: KernelModel;
  notebook?: { path: string; name: string };
}

/** What a client may say of a session. */
export interface SessionRequest {
  path?: string;
  name?: string;
  type?: string;
  kernel?: { id?: string; name?: string };
}

/** Which document runs in which kernel; sessions live as long as their kernels. */
export class Sessions {
  readonly #kernels: Kernels;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that are being started, by path, so that a second request for a path waits for the first. */
  readonly #starting = new Map<string, Promise<Session>>();

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    kernels.onRemoved((id) => {
      for (const session of this.#sessions.values()) if (session.kernel === id) this.#sessions.delete(session.id);
    });
  }

  list(): SessionModel[] {
    return [...this.#sessions.values()].map((session) => this.#model(session));
  }

  get(id: string): SessionModel {
    return this.#model(this.#find(id));
  }

  /** Opens a session for a document, or returns the one it has. `user`: whose its kernel is, if one starts. */
  async open(request: SessionRequest, user: string): Promise<SessionModel> {
    const { path } = request;
    if (path === undefined || path === "")
      throw new ArchitechError("body-malformed", `a session needs a "path"`, { path: ["path"] });
    const known = [...this.#sessions.values()].find((session) => session.path === path);
    if (known !== undefined) return this.#model(known);
    let starting = this.#starting.get(path);
    if (starting === undefined) {
      starting = this.#start(path, request, user).finally(() => this.#starting.delete(path));
      this.#starting.set(path, starting);
    }
    return this.#model(await starting);
  }

  /** Renames a session or gives it another kernel; the kernel that nothing uses any more is ended. */
  async change(id: string, request: SessionRequest, user: string): Promise<SessionModel> {
    const session = this.#find(id);
    const before = session.kernel;
    if (request.kernel?.id !== undefined && request.kernel.id !== null) {
      session.kernel = this.#kernels.get(request.kernel.id).id;
    } else if (request.kernel?.name !== undefined && request.kernel.name !== null) {
      const path = request.path ?? session.path;
      const kernel = await this.#kernels.start({ user, name: request.kernel.name, path });
      session.kernel = kernel.id;
    }
    session.path = request.path ?? session.path;
    session.name = request.name ?? session.name;
    session.type = request.type ?? session.type;
    const stillUsed = [...this.#sessions.values()].some(({ kernel }) => kernel === before);
    if (!stillUsed) await this.#kernels.shutdown(before);
    return this.#model(session);
  }

  /** Closes a session and ends its kernel, unless another session uses it. */
  async close(id: string): Promise<void> {
    const session = this.#find(id);
    this.#sessions.delete(id);
    const shared = [...this.#sessions.values()].some(({ kernel }) => kernel === session.kernel);
    if (!shared) await this.#kernels.shutdown(session.kernel);
  }

  async #start(path: string, request: SessionRequest, user: string): Promise<Session> {
    const { id, name } = request.kernel ?? {};
    const kernel =
      id !== undefined && id !== null
        ? this.#kernels.get(id)
        : await this.#kernels.start({
            user,
            ...(name === undefined || name === null ? {} : { name }),
            path,
            session: path,
          });
    const session: Session = {
      id: randomUUID(),
      path,
      name: request.name ?? "",
      type: request.type ?? "notebook",
      kernel: kernel.id,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  #find(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new ArchitechError("session-not-found", `no session "${id}"`);
    return session;
  }

  #model({ id, path, name, type, kernel }: Session): SessionModel {
    const model: SessionModel = { id, path, name, type, kernel: this.#kernels.get(kernel).toJSON() };
    if (type === "notebook") model.notebook = { path, name };
    return model;
  }
}
