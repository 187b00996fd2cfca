import { create } from "zustand";
import type { Job } from "./live.ts";

/** Crossings that ended after this moment have not been read in this window yet. */
export const useReadUntil = create<{ readonly readUntil: string }>()(() => ({
  readUntil: new Date().toISOString(),
}));

/** What crosses the gap; a backup is a job too, and no crossing. */
export type Crossing = Job & { readonly kind: "export" | "import" | "inspect" };

export function isCrossing(job: Job): job is Crossing {
  return job.kind === "export" || job.kind === "import" || job.kind === "inspect";
}

/** Whoever goes on has read the last sentence. */
export function markRead(): void {
  useReadUntil.setState({ readUntil: new Date().toISOString() });
}

/** The newest export or import that has ended unread; its last sentence stays until somebody goes on. */
export function unreadJob<One extends Job>(jobs: readonly One[], readUntil: string): One | undefined {
  return jobs
    .filter((job) => job.kind !== "inspect" && job.endedAt !== null && job.endedAt > readUntil)
    .toSorted((one, other) => (other.endedAt ?? "").localeCompare(one.endedAt ?? ""))[0];
}
