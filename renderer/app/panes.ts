import { create } from "zustand";

/** Panes that any page may open: UI state, never data. */
interface Panes {
  readonly palette: boolean;
  readonly keys: boolean;
}

export const usePanes = create<Panes>()(() => ({ palette: false, keys: false }));
