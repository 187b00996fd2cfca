import { create } from "zustand";

/** The steps after founding; before it there is no station and so no choice. */
export type WalkStep = "pair" | "crossing" | "done";

/** Whether this window still walks through the first run. Leaving it loses nothing: each step has its page. */
export const useFirstRun = create<{ readonly step: WalkStep | null }>()(() => ({ step: null }));
