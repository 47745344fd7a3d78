import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ArchitechError } from "@architech/protocol";
import type { Request, RequestHandler, Response } from "express";
import { parseCookies } from "./cookies.js";
import { allowedHosts, checkHost, checkOrigin } from "./hosts.js";
import { Token } from "./token.js";

/** Who may come in and how. */
export interface GateOptions {
  readonly ip: string;
  readonly token: string;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly baseUrl: string;
  /** Whether whoever has the token, which is a gateway, is believed for whom it asks. Default false. */
  readonly believesUser?: boolean;
}

/** The header in which a gateway says for whom it asks. */
export const userHeader = "x-architech-user";
const userName = /^[\w.@-]{1,64}$/;

/** How somebody proved who they are. */
type Proof = "token" | "cookie" | "open";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Decides on every request and every WebSocket: Host, Origin, token or cookie, and XSRF where the cookie proves. */
export class Gate {
  readonly token: Token;
  readonly #options: GateOptions;
  readonly #hosts: Set<string>;
  readonly #origins: Set<string>;
  #cookieName = "architech";

  constructor(options: GateOptions) {
    this.#options = options;
    this.token = new Token(options.token);
    this.#hosts = allowedHosts(options.ip, options.allowHosts);
    this.#origins = new Set(options.allowOrigins.map((origin) => origin.toLowerCase()));
  }

  /** Who is behind the gate: one user, until there are accounts. What it says is no secret. */
  readonly user: string = "architect";

  /** For whom a request is that was let in. */
  userOf({ headers }: IncomingMessage): string {
    const said = headers[userHeader];
    const isTold = this.#options.believesUser === true && typeof said === "string" && userName.test(said);
    return isTold ? said : this.user;
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

  /** Lets in only who has the token or the cookie; a browser that asks for a page is led to the login. */
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
    if (proof === "cookie" && !safeMethods.has(request.method)) this.#checkXsrf(request, url);
    if (proof === "token" && url.searchParams.has("token") && wantsPage(request)) {
      // The address bar, the history and a shared screen then show no token.
      this.welcome(request, response);
      url.searchParams.delete("token");
      response.redirect(302, url.pathname + url.search);
      return;
    }
    next();
  };

  /** Sets the cookies that stand for the token from now on. */
  welcome(request: Request, response: Response): void {
    const secure = request.secure ? { secure: true } : {};
    const path = this.#options.baseUrl;
    response.cookie(this.#cookieName, this.token.cookie, { httpOnly: true, sameSite: "lax", path, ...secure });
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
    if (this.#proof(request, url) === undefined)
      throw new ArchitechError("login-required", "the token is missing or wrong: add ?token=… to the address");
  }

  #checkOrigin(request: IncomingMessage): void {
    checkHost(request.headers.host, this.#hosts);
    checkOrigin(request.headers.origin, request.headers.host, this.#origins);
  }

  #proof(request: IncomingMessage, url: URL): Proof | undefined {
    if (this.token.value === "") return "open";
    const header = /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (this.token.accepts(header) || this.token.accepts(url.searchParams.get("token") ?? undefined)) return "token";
    const cookie = parseCookies(request.headers.cookie).get(this.#cookieName);
    return this.token.acceptsCookie(cookie) ? "cookie" : undefined;
  }

  #checkXsrf(request: Request, url: URL): void {
    const cookie = parseCookies(request.headers.cookie).get("_xsrf") ?? "";
    const given = request.get("x-xsrftoken") ?? request.get("x-csrftoken") ?? url.searchParams.get("_xsrf") ?? "";
    if (cookie.length < 32 || !new Token(cookie).accepts(given))
      throw new ArchitechError("xsrf-mismatch", "the X-XSRFToken header does not repeat the _xsrf cookie");
  }
}

function wantsPage(request: Request): boolean {
  return (
    request.method === "GET" && /\btext\/html\b/.test(request.get("accept") ?? "") && !/^\/api\//.test(request.path)
  );
}
