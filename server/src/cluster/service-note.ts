import { integerField, packMessage, record, type ServiceView, textField, unpackMessage } from "@architech/protocol";
import type { Bus, State } from "../bus/bus.js";
import { plays, type Role } from "../roles.js";

/** What a process that listens says of itself while it lives. */
export interface ServiceNote extends ServiceView {
  readonly roles: readonly Role[];
}

/** A process that has said nothing for so long is gone. */
export const serviceTtlMs = 15_000;

/** Where services say that they are there. */
export function serviceNotes(bus: Bus): State {
  return bus.state("services", { ttlMs: serviceTtlMs });
}

export function packServiceNote({ roles, load, ready, ...note }: ServiceNote): Uint8Array {
  return packMessage({ ...note, ...load, ready: ready ? 1 : 0, roles: roles.join(",") });
}

/** Throws `bad-message`. */
export function unpackServiceNote(bytes: Uint8Array): ServiceNote {
  const from = record(unpackMessage(bytes), "the note of a service");
  return {
    id: textField(from, "id"),
    // A role that a newer version has is nothing that is asked for here.
    roles: textField(from, "roles").split(",") as Role[],
    url: textField(from, "url"),
    version: textField(from, "version"),
    since: integerField(from, "since"),
    ready: integerField(from, "ready") === 1,
    load: { kernels: integerField(from, "kernels"), streams: integerField(from, "streams") },
  };
}

/** Whether a service does this. */
export function does(note: ServiceNote, role: Exclude<Role, "all">): boolean {
  return plays(note.roles, role);
}
