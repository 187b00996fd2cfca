import { serveTasks } from "../../station/pool/serve-tasks.ts";
import { openReader, type Reader } from "../../station/store/reader.ts";
import { checkRange } from "../../station/audit/verify-range.ts";
import type { VerifyTasks } from "./verification.ts";

// The entry of a pool thread that recomputes ranges of the log.

let open: { readonly path: string; readonly reader: Reader } | undefined;

serveTasks<VerifyTasks>({
  "check-range": ({ path, from, to }) => {
    if (open?.path !== path) {
      open?.reader.close();
      open = { path, reader: openReader(path) };
    }
    return checkRange(open.reader, from, to);
  },
});
