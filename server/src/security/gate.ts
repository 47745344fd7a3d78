import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ArchitechError } from "@architech/protocol";
import { localUser } from "architech/host";
import type { Request, RequestHandler, Response } from "express";
import { parseCookies } from "./cookies.js";
import { allowedHosts, checkHost, checkOrigin } from "./hosts.js";
import { same, Token } from "./token.js";
import { namedUser, type UserNaming } from "./user-name.js";

/** Who may come in and how. */
export interface GateOptions {
  readonly ip: string;
  readonly token: string;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly baseUrl: string;
  /** How it learns for whom a request is that shows the token. By default there is one user, whatever a request says. */
  readonly naming?: UserNaming | undefined;
}

/** How somebody proved that they may come in, and who they are where the proof says that. */
interface Proof {
  readonly by: "token" | "cookie" | "open";
  readonly user?: string;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Decides on every request and every WebSocket: Host, Origin, token or cookie, and XSRF where the cookie proves. A user's
 * own token or cookie says who that is; whoever shows the server's token may be told to say it.
 */
export class Gate {
  readonly token: Token;
  readonly #options: GateOptions;
  readonly #hosts: Set<string>;
  readonly #origins: Set<string>;
  /** Whose those are that were let in. */
  readonly #users = new WeakMap<IncomingMessage, string>();
  #cookieName = "architech";

  constructor(options: GateOptions) {
    this.#options = options;
    this.token = new Token(options.token);
    this.#hosts = allowedHosts(options.ip, options.allowHosts);
    this.#origins = new Set(options.allowOrigins.map((origin) => origin.toLowerCase()));
  }

  /** Whose a request is that was let in. Throws `user-refused` where nobody has said so. */
  userOf(request: IncomingMessage): string {
    const user = this.#users.get(request);
    if (user !== undefined) return user;
    const header = this.#options.naming?.header ?? "the request";
    throw new ArchitechError(
      "user-refused",
      `${header} does not say whose this is: the proxy that logs people in must`,
    );
  }

  /** Tells the port that is listened on: cookies are shared by all ports of a host, so the name carries it. */
  set port(port: number) {
    this.#cookieName = `architech-${port}`;
  }

  /** Refuses strangers' Hosts and Origins, for every path. */
  readonly origin: RequestHandler = (request, _response, next) => {
    this.#checkOrigin(request);
    next();
  };

  /** Lets in only who has a token or a cookie; a browser that asks for a page is led to the login. */
  readonly admit: RequestHandler = (request, response, next) => {
    const url = new URL(request.originalUrl, "http://localhost");
    const proof = this.#proof(request, url);
    if (proof === undefined) {
      if (wantsPage(request)) {
        response.redirect(302, `${this.#options.baseUrl}login?next=${encodeURIComponent(request.originalUrl)}`);
        return;
      }
      throw new ArchitechError(
        "login-required",
        "the token is missing or wrong: add ?token=… or an Authorization header",
      );
    }
    if (proof.by === "cookie" && !safeMethods.has(request.method)) this.#checkXsrf(request, url);
    this.#know(request, proof);
    if (proof.by === "token" && url.searchParams.has("token") && wantsPage(request)) {
      // The address bar, the history and a shared screen then show no token.
      this.welcome(request, response);
      url.searchParams.delete("token");
      response.redirect(302, url.pathname + url.search);
      return;
    }
    next();
  };

  /** Refuses what is on nobody's account. */
  readonly named: RequestHandler = (request, _response, next) => {
    this.userOf(request);
    next();
  };

  /** Lets somebody in who shows a token in a form; whether it is one. */
  login(request: Request, given: string): boolean {
    const proof = this.#proofOf(given);
    if (proof !== undefined) this.#know(request, proof);
    return proof !== undefined;
  }

  /** Sets the cookies that stand for the user's token from now on. */
  welcome(request: Request, response: Response): void {
    const secure = request.secure ? { secure: true } : {};
    const path = this.#options.baseUrl;
    const cookie = this.token.cookieOf(this.userOf(request));
    response.cookie(this.#cookieName, cookie, { httpOnly: true, sameSite: "lax", path, ...secure });
    this.giveXsrf(request, response);
  }

  /** Gives the browser an `_xsrf` cookie unless it has one; its pages repeat it in a header. */
  giveXsrf(request: Request, response: Response): void {
    if ((parseCookies(request.headers.cookie).get("_xsrf") ?? "").length >= 32) return;
    const value = randomBytes(16).toString("hex");
    response.cookie("_xsrf", value, { sameSite: "lax", path: this.#options.baseUrl });
  }

  /** Takes the cookies back. */
  farewell(response: Response): void {
    response.clearCookie(this.#cookieName, { path: this.#options.baseUrl });
  }

  /** Throws unless a WebSocket may be opened by this request. */
  admitSocket(request: IncomingMessage, url: URL): void {
    this.#checkOrigin(request);
    const proof = this.#proof(request, url);
    if (proof === undefined)
      throw new ArchitechError("login-required", "the token is missing or wrong: add ?token=… to the address");
    this.#know(request, proof);
    this.userOf(request);
  }

  #checkOrigin(request: IncomingMessage): void {
    checkHost(request.headers.host, this.#hosts);
    checkOrigin(request.headers.origin, request.headers.host, this.#origins);
  }

  #proof(request: IncomingMessage, url: URL): Proof | undefined {
    if (this.token.value === "") return { by: "open" };
    const header = /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const shown = this.#proofOf(header) ?? this.#proofOf(url.searchParams.get("token") ?? undefined);
    if (shown !== undefined) return shown;
    const user = this.token.userOfCookie(parseCookies(request.headers.cookie).get(this.#cookieName));
    return user === undefined ? undefined : { by: "cookie", user };
  }

  #proofOf(given: string | undefined): Proof | undefined {
    if (this.token.accepts(given)) return { by: "token" };
    const user = this.token.userOf(given);
    return user === undefined ? undefined : { by: "token", user };
  }

  /** Remembers whose a request is. Who has proved to be somebody is nobody else, whatever a header says. */
  #know(request: IncomingMessage, proof: Proof): void {
    const { naming } = this.#options;
    const told = () => (naming === undefined ? localUser : namedUser(request.headers, naming.header));
    const user = proof.user ?? told() ?? (naming?.required ? undefined : localUser);
    if (user !== undefined) this.#users.set(request, user);
  }

  #checkXsrf(request: Request, url: URL): void {
    const cookie = parseCookies(request.headers.cookie).get("_xsrf") ?? "";
    const given = request.get("x-xsrftoken") ?? request.get("x-csrftoken") ?? url.searchParams.get("_xsrf") ?? "";
    if (cookie.length < 32 || !same(given, cookie))
      throw new ArchitechError("xsrf-mismatch", "the X-XSRFToken header does not repeat the _xsrf cookie");
  }
}

function wantsPage(request: Request): boolean {
  return (
    request.method === "GET" && /\btext\/html\b/.test(request.get("accept") ?? "") && !/^\/api\//.test(request.path)
  );
}
