import type { RequestHandler } from "express";

/** The content security policy of the lab's pages, whose built files may come from another origin. `unsafe-eval` is for the schema validator of JupyterLab, which compiles schemas. */
export function contentSecurityPolicy(staticOrigin?: string): string {
  const built = staticOrigin === undefined ? "'self'" : `'self' ${new URL(staticOrigin).origin}`;
  return [
    "default-src 'self'",
    `script-src ${built} 'unsafe-eval'`,
    `style-src ${built} 'unsafe-inline'`,
    `img-src ${built} data: blob: https:`,
    `font-src ${built} data:`,
    "media-src 'self' data: blob: https:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self' blob: data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** Headers that every answer carries. */
export function securityHeaders(contentSecurityPolicy: string): RequestHandler {
  return (_request, response, next) => {
    response.setHeader("Content-Security-Policy", contentSecurityPolicy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "SAMEORIGIN");
    // The token may stand in an address: no other server is told the address.
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    next();
  };
}
