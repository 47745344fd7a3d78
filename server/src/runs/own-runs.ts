import { type RunHost, runNotFound } from "architech/host";

/** What a user may do with runs, all of which are that user's own. */
export type OwnRuns = Pick<RunHost, "start" | "info" | "list" | "cancel" | "delete" | "ended">;

/**
 * The runs of a host as one user has them. Whatever is asked of another's is answered as if it were not there:
 * `run-not-found`. What is started is the user's own; rows that are known already, whoever had them computed, are as
 * good for anybody who has the whole request.
 */
export function ownRuns(host: RunHost, user: string): OwnRuns {
  const own = async <T>(id: string, then: () => Promise<T>): Promise<T> => {
    if ((await host.owner(id)) === user) return then();
    throw runNotFound(id);
  };
  return {
    start: (request, options) => host.start(request, { ...options, user }),
    info: (id) => own(id, () => host.info(id)),
    list: () => host.list(user),
    cancel: (id) => own(id, () => host.cancel(id)),
    delete: (id) => own(id, () => host.delete(id)),
    ended: (id) => own(id, () => host.ended(id)),
  };
}
