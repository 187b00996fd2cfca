import { useLayoutEffect } from "react";
import type { Side } from "./side.tsx";

/**
 * Names the side on the document itself, so that dialogs and menus, which stand outside the page's own tree,
 * carry its colours. `none` before a side is chosen.
 */
export function useDocumentSide(side: Side | "none"): void {
  useLayoutEffect(() => {
    document.documentElement.dataset["side"] = side;
  }, [side]);
}
