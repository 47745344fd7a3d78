import { Router, urlencoded } from "express";
import type { Gate } from "./gate.js";

/** `/login` asks for the token and puts the cookie in its place; `/logout` takes the cookie back. */
export function loginRoutes(gate: Gate, baseUrl: string): Router {
  const router = Router();
  router.get("/login", (request, response) => {
    response.type("html").send(page(baseUrl, String(request.query["next"] ?? ""), false));
  });
  router.post("/login", urlencoded({ extended: false, limit: 4096 }), (request, response) => {
    const { token, next } = (request.body ?? {}) as { token?: unknown; next?: unknown };
    if (!gate.login(request, typeof token === "string" ? token.trim() : "")) {
      response
        .status(403)
        .type("html")
        .send(page(baseUrl, String(next ?? ""), true));
      return;
    }
    gate.welcome(request, response);
    response.redirect(302, localPath(String(next ?? ""), baseUrl));
  });
  router.get("/logout", (_request, response) => {
    gate.farewell(response);
    response.redirect(302, `${baseUrl}login`);
  });
  return router;
}

/** A path of this server, or its start: a login must not lead elsewhere. */
function localPath(next: string, baseUrl: string): string {
  const url = URL.canParse(next, "http://here.invalid") ? new URL(next, "http://here.invalid") : undefined;
  if (url?.origin !== "http://here.invalid" || !next.startsWith(baseUrl) || /^\/[\\/]/.test(next)) return baseUrl;
  return url.pathname + url.search;
}

function page(baseUrl: string, next: string, wrong: boolean): string {
  const safe = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Architech</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 15vh auto; padding: 0 1rem; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; margin: .5rem 0; }
  button { font: inherit; padding: .4rem 1rem; }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } }
</style>
<h1>Architech</h1>
<p>${wrong ? "That is not this server's token." : "This server asks for its token."} It stands in the address that was printed when the server started.</p>
<form method="post" action="${safe(baseUrl)}login">
  <label>Token <input name="token" type="password" autocomplete="current-password" autofocus></label>
  <input type="hidden" name="next" value="${safe(next)}">
  <button>Enter</button>
</form>
</html>
`;
}
