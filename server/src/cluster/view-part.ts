import type { ClusterView } from "@architech/protocol";
import { Router } from "express";
import type { Part } from "../part.js";

/** The part that shows who works together: `GET /api/cluster`. */
export function viewPart(view: () => Promise<ClusterView>, close: () => void = () => {}): Part {
  const router = Router();
  router.get("/api/cluster", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await view());
  });
  return { routes: [router], close: async () => close() };
}
