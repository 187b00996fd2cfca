import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { client, orpc } from "../rpc.ts";
import { noteRates } from "./rates.ts";

/** Whether the stream of hints is open. Pages stay readable without it; the foot says so. */
export const useConnection = create<{ readonly connected: boolean }>()(() => ({ connected: true }));

type Hint = Awaited<ReturnType<typeof client.watch.changes>> extends AsyncIterable<infer Item> ? Item : never;
export type Job = Hint["jobs"][number];
type Topic = Hint["topics"][number];

/** What to ask again when a topic has changed. Push is a hint; pull is the truth. */
const stale: Record<Topic, readonly (() => readonly unknown[])[]> = {
  session: [() => orpc.session.key()],
  station: [() => orpc.station.key(), () => orpc.watch.summary.key()],
  peers: [
    () => orpc.peers.key(),
    () => orpc.transfer.alarms.key(),
    () => orpc.transfer.outbox.key(),
    () => orpc.watch.summary.key(),
  ],
  requests: [
    () => orpc.requests.key(),
    () => orpc.responses.key(),
    () => orpc.transfer.outbox.key(),
    () => orpc.watch.summary.key(),
  ],
  transfer: [
    () => orpc.peers.key(),
    () => orpc.transfer.history.key(),
    () => orpc.transfer.alarms.key(),
    () => orpc.transfer.outbox.key(),
    () => orpc.transfer.jobs.key(),
    () => orpc.watch.summary.key(),
  ],
  quarantine: [() => orpc.transfer.quarantine.key(), () => orpc.watch.summary.key()],
  signoffs: [() => orpc.signoffs.key(), () => orpc.watch.summary.key()],
  audit: [
    () => orpc.audit.searches.key(),
    () => orpc.audit.checkpoints.key(),
    () => orpc.audit.list.key(),
    () => orpc.audit.search.key(),
    () => orpc.audit.standing.key(),
    () => orpc.watch.summary.key(),
  ],
  documents: [() => orpc.documents.key()],
  operators: [() => orpc.operators.key(), () => orpc.watch.summary.key()],
  approvals: [() => orpc.approvals.key(), () => orpc.watch.summary.key()],
  notes: [() => orpc.notes.key()],
  presence: [() => orpc.presence.key()],
  recovery: [() => orpc.recovery.key(), () => orpc.session.key(), () => orpc.watch.summary.key()],
  media: [() => orpc.media.key(), () => orpc.watch.summary.key()],
};

const firstWaitMs = 500;
const longestWaitMs = 5_000;

/** Follows the station's hints until `stop` is aborted, opening the stream again whenever it ends. */
export async function followStation(queries: QueryClient, stop: AbortSignal): Promise<void> {
  let waitMs = firstWaitMs;
  while (!stop.aborted) {
    try {
      const hints = await client.watch.changes({}, { signal: stop });
      useConnection.setState({ connected: true });
      waitMs = firstWaitMs;
      void queries.invalidateQueries();
      for await (const hint of hints) obey(queries, hint);
    } catch {
      // The reason is the connection's; the next attempt says whether it is over.
    }
    if (stop.aborted) return;
    useConnection.setState({ connected: false });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

function obey(queries: QueryClient, hint: Hint): void {
  if (hint.jobs.length > 0) {
    noteRates(hint.jobs, Date.now());
    queries.setQueryData(orpc.transfer.jobs.queryKey({ input: {} }), (known) => ({
      jobs: mergeJobs(known?.jobs ?? [], hint.jobs),
    }));
    // An answer that was asked for before the end may still be on its way, and would put the job back to running.
    if (hint.jobs.some((job) => job.state !== "running"))
      void queries.invalidateQueries({ queryKey: orpc.transfer.jobs.key() });
  }
  for (const topic of hint.topics) {
    for (const key of stale[topic]) void queries.invalidateQueries({ queryKey: key() });
  }
}

/** Newer snapshots replace those of the same job; the order of the list stays. */
export function mergeJobs(known: readonly Job[], fresh: readonly Job[]): Job[] {
  const byId = new Map(fresh.map((job) => [job.job, job]));
  const kept = known.map((job) => byId.get(job.job) ?? job);
  const ids = new Set(known.map((job) => job.job));
  return [...fresh.filter((job) => !ids.has(job.job)), ...kept];
}
