import * as z from "zod";
import { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible, visibleLines } from "../visible.ts";
import { columns, facts, more, plural } from "./layout.ts";

const linesFile = z.string().describe("A file of JSON lines; - is standard input");
const submitInput = contract.requests.submit["~orpc"].inputSchema as z.ZodObject;

const linesOf = (flags: Flags, desk: Desk): ReturnType<Desk["lines"]> => desk.lines(String(flags["file"]));

export const documentsCommands: AreaCommands<typeof contract.documents> = {
  load: {
    flags: z.strictObject({ file: linesFile }),
    input: async (flags, desk) => ({ source: await linesOf(flags, desk) }),
    say: (output) => [
      `Loaded ${plural(output.loaded, "document")}; ${output.unchanged.toLocaleString("en")} were there already. ${plural(output.total, "document")} in all.`,
    ],
  },
  count: { say: (output) => [`${plural(output.total, "document")} loaded.`] },
};

export const requestsCommands: AreaCommands<typeof contract.requests> = {
  submit: {
    flags: submitInput.omit({ source: true }).extend({ file: linesFile }),
    input: async ({ file, ...flags }, desk) => ({
      ...(flags as { kind: string; user: string; to?: string }),
      source: await linesOf({ file }, desk),
    }),
    say: ({ ids }) => [
      `Submitted ${plural(ids.length, "request")}; they wait for the next export.`,
      ...(ids.length <= 20 ? ids.map(visible) : [`${visible(ids[0] ?? "")} to ${visible(ids.at(-1) ?? "")}`]),
    ],
  },
  list: {
    say: ({ requests, next }) =>
      requests.length === 0
        ? ["No requests here."]
        : [
            ...columns(
              ["request", "kind", "user", "state", "peer", "created"],
              requests.map((row) => [row.id, row.kind, row.user, row.state, row.peer, row.createdAt]),
            ),
            ...more(next),
          ],
  },
  counts: { say: (counts) => facts(Object.entries(counts)) },
  show: {
    say: (request) => [
      ...facts([
        ["request", request.id],
        ["kind", request.kind],
        ["user", request.user],
        ["state", request.state],
        ["peer", request.peer],
        ["sha256", request.sha256],
      ]),
      "",
      ...columns(
        ["where", "what", "when", "batch", "source", "note"],
        request.steps.map((step) => [step.lane, step.what, step.at, step.batch, step.source, step.note]),
      ),
      "",
      ...visibleLines(request.body),
    ],
  },
  run: {
    say: (output) => [
      output.answered + output.failed === 0
        ? "Nothing waits for an answer."
        : `Answered ${plural(output.answered, "request")}; ${output.failed.toLocaleString("en")} with an error. The answers leave with the next export.`,
    ],
  },
};

export const responsesCommands: AreaCommands<typeof contract.responses> = {
  get: {
    flags: (contract.responses.get["~orpc"].inputSchema as z.ZodObject).extend({
      out: z.string().describe("Write the exact body to this file").optional(),
    }),
    input: (flags) => ({
      request: String(flags["request"]),
      ...(flags["peer"] === undefined ? {} : { peer: String(flags["peer"]) }),
    }),
    deliver: async (response, flags, desk) => {
      if (typeof flags["out"] === "string") await desk.write(flags["out"], response.body, 0o600);
    },
    say: (response, flags) => [
      `Answer ${visible(response.id)} to ${visible(response.request)}: ${response.status}, ${response.createdAt}`,
      ...(flags["out"] === undefined
        ? visibleLines(response.body)
        : [`Wrote its body to ${visible(String(flags["out"]))}, SHA-256 ${response.sha256}`]),
    ],
  },
};
