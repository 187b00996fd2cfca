import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const documents = {
  load: operation({
    permission: "documents.manage",
    reach: "none",
    effect: "change",
    summary: "Load JSON lines as documents that the handler `search` finds; all lines or none",
  })
    .input(z.strictObject({ source: field.linesSource }))
    .output(z.strictObject({ loaded: field.count, unchanged: field.count, total: field.count })),
  count: operation({
    permission: "requests.read",
    reach: "none",
    effect: "read",
    summary: "Count the documents loaded",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ total: field.count })),
};
