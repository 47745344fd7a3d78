import type { RunHost } from "architech/host";

/** What a user may do with runs, all of which are that user's own. */
export type OwnRuns = Pick<RunHost, "start" | "info" | "list" | "cancel" | "delete" | "ended">;

/**
 * The runs of a host as one user has them. Whatever is asked of another's is answered as if it were not there:
 * `run-not-found`. What is started is the user's own; rows that are known already, whoever had them computed, are as
 * good for anybody who has the whole request.
 */
export function ownRuns(host: RunHost, user: string): OwnRuns {
  const info = (id: string) => host.info(id, user);
  return {
    start: (request, options) => host.start(request, { ...options, user }),
    info,
    list: () => host.list(user),
    cancel: (id) => info(id).then(() => host.cancel(id)),
    delete: (id) => info(id).then(() => host.delete(id)),
    ended: (id) => info(id).then(() => host.ended(id)),
  };
}
