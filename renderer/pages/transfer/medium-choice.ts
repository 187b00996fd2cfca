import { create } from "zustand";

/** The medium that a person chose in this window: a path, kept until the window closes. */
export const useMediumChoice = create<{ readonly path: string | null }>()(() => ({ path: null }));

export function chooseMedium(path: string | null): void {
  useMediumChoice.setState({ path });
}
